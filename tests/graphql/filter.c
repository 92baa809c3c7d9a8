/* Writes each document that the console has, cut to what a control plane offers (the data of LearnSchema's answer), to a
 * folder. usage: filter ANSWER.json FOLDER. A document of which nothing is left is not written. */
#include "api-client/internal.h"

#include <stdio.h>
#include <stdlib.h>

static void write_document(const struct embedded *e, const json_t *offers, const char *folder)
{
    char path[4096];
    char *text = document_filter(e->text, offers);
    if (!text) return;
    snprintf(path, sizeof path, "%s/%s", folder, e->name);
    FILE *out = fopen(path, "w");
    if (!out || fputs(text, out) < 0 || fclose(out) != 0) {
        perror(path);
        exit(1);
    }
    free(text);
}

int main(int count, char **arguments)
{
    if (count != 3) return 1;
    json_t *answer = json_load_file(arguments[1], 0, NULL);
    json_t *offers = offered_learn(json_object_get(answer, "data"));
    if (!offers) {
        fprintf(stderr, "%s: not an answer of LearnSchema\n", arguments[1]);
        return 1;
    }
    for (const struct embedded *e = embedded_operations; e->name; e++) write_document(e, offers, arguments[2]);
    json_decref(offers);
    json_decref(answer);
    return 0;
}
