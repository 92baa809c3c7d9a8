/* The programs' own diagnostics: one logfmt line to stderr, never telemetry content, never a secret.
 * level= error, warn, info, debug; default threshold info, TERO_LOG=debug|info|warn|error|off changes it. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_OFF, LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_threshold(enum log_level level);
/* `format` gives the message; it is quoted and cleaned of control characters. */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)

#endif
