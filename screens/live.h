/* The settings file while the console runs: a change of it is taken over, or told to be wrong, in one line. */
#ifndef SCREENS_LIVE_H
#define SCREENS_LIVE_H

struct app;

/* From now on; nothing where the host has no file. After app->watch was made. */
void live_follow(struct app *app);
/* `:profile [NAME]`: says which there are, or ends this console so that the host begins anew with that one. */
void live_profile(struct app *app, const char *name);
/* The n-th profile that begins with `word`; xmalloc'd, or NULL. */
char *live_profile_completion(struct app *app, const char *word, int n);

#endif
