/* Offline bundles: a copy of the store in one signed file, to be read on a machine without a network.
 *
 * The file: 8 bytes "TEROBNDL", the version of the format and the length of the manifest (32 bits each, little-endian), the Ed25519
 * public key, a signature over all of that and the manifest, the manifest (JSON), then the database, packed by zlib, to the end of the
 * file. The manifest holds the size and the BLAKE2b hash of the packed bytes, so that nothing is unpacked that was not signed, and the
 * size unpacked, so that it is known beforehand how much comes.
 *
 * Nothing here trusts a file: whatever it holds, it is refused with one line that says where it is broken. */
#ifndef CONTROL_PLANE_BUNDLE_H
#define CONTROL_PLANE_BUNDLE_H

#include "base/buf.h"

#include <stdint.h>

enum {
    BUNDLE_FORMAT = 1,
    BUNDLE_FIXED = 112, /* bytes before the manifest */
    BUNDLE_MANIFEST_MAX = 16384,
    BUNDLE_KEY = 32,
    BUNDLE_SECRET = 64,
    BUNDLE_HASH = 32,
};
#define BUNDLE_SIZE_MAX (INT64_C(64) << 30) /* of the database */

struct bundle_manifest {
    char control_plane[37]; /* id of its workspace */
    char version[32];       /* of the program */
    char by[64];            /* who asked for it */
    int64_t time;           /* of the copy */
    int64_t size, packed;   /* bytes */
    unsigned char hash[BUNDLE_HASH];
};

struct bundle_head {
    unsigned char key[BUNDLE_KEY];
    struct bundle_manifest manifest;
    size_t length; /* bytes before the packed database */
};

/* ---- manifest.c: bytes and nothing else ---- */
/* The beginning of a file. False: *problem (static). The signature holds where it gives true; whose key it is is not looked at. */
bool bundle_read_head(struct slice bytes, struct bundle_head *head, const char **problem);
/* The same as bytes, signed. */
void bundle_write_head(struct buf *out, const struct bundle_manifest *manifest, const unsigned char secret[BUNDLE_SECRET]);
/* 64 hexadecimal digits. */
bool bundle_key_parse(struct slice text, unsigned char key[BUNDLE_KEY]);
void bundle_hex(char *out, const unsigned char *bytes, size_t n);

/* ---- key.c ---- */
/* DIRECTORY/signing.key (0600; made where absent) and DIRECTORY/signing.pub beside it. False: *problem (caller frees). */
bool bundle_key_open(const char *directory, unsigned char secret[BUNDLE_SECRET], char **problem);
/* What stands in DIRECTORY/signing.pub; false: nothing. */
bool bundle_key_public(const char *directory, unsigned char key[BUNDLE_KEY]);

/* ---- copy.c ---- */
/* A copy of the database as it is at this moment, without what is secret: hashes of keys, permissions of live previews. The copy is made
 * while the control plane works. False: *problem. */
bool bundle_copy_store(const char *database, const char *copy, char **problem);

/* ---- pack.c ---- */
/* Packs the database into the file (made anew, 0600). time, by, control_plane and version of the manifest are given, the rest is
 * filled in. */
bool bundle_pack(const char *database, const char *path, struct bundle_manifest *manifest, const unsigned char secret[BUNDLE_SECRET],
                 char **problem);

/* ---- unpack.c ---- */
enum bundle_verdict { BUNDLE_GOOD, BUNDLE_UNREADABLE /* no such file, no room */, BUNDLE_BROKEN, BUNDLE_UNKNOWN_KEY };
/* Verifies the file and unpacks it to `database` (made anew, 0600; NULL: verifies only). `trusted`: the keys. */
enum bundle_verdict bundle_unpack(const char *path, const char *database, const unsigned char (*trusted)[BUNDLE_KEY], size_t trusted_count,
                                  struct bundle_head *head, char **problem);

#endif
