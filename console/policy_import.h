/* tero-console policy import datadog FILE: a log index's JSON from Datadog's API as policies. */
#ifndef CONSOLE_POLICY_IMPORT_H
#define CONSOLE_POLICY_IMPORT_H

int policy_import(int argc, char **argv);

#endif
