/* The bearer token: from TERO_API_TOKEN or from a file, in memory that is locked, kept out of core files and wiped when freed. */
#ifndef CONSOLE_TOKEN_H
#define CONSOLE_TOKEN_H

enum { TOKEN_MAX = 16384 };

/* Takes it out of the environment, so that no child and no /proc/PID/environ shows it. NULL: there is none. token_free() it. */
char *token_take(void);
/* The file's one line. It must be a regular file of this user (or root) that nobody else may read or write: NULL and *problem (xmalloc'd)
 * otherwise. */
char *token_read(const char *path, char **problem);
/* Why a file must not hold a secret of this user, or NULL: not regular, somebody else's, open to others. */
const char *token_wrong_file(int fd);
/* Why no header may carry it, or NULL. */
const char *token_wrong_text(const char *text);
/* NULL is fine. */
void token_free(char *token);

#endif
