#include "policy/regex.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <vector>

using re2::FilteredRE2;
using re2::RE2;
using re2::StringPiece;

struct regex {
    RE2 re;
    regex(const StringPiece &pattern, const RE2::Options &options) : re(pattern, options) {}
};

static RE2::Options options_for(bool case_insensitive)
{
    RE2::Options o;
    o.set_log_errors(false);
    o.set_case_sensitive(!case_insensitive);
    return o;
}

static const char *refused(const StringPiece &p)
{
    for (size_t i = 0; i + 1 < p.size(); i++) {
        if (p[i] == '(' && p.substr(i).starts_with("(?<") && i + 3 < p.size() && p[i + 3] != '=' && p[i + 3] != '!')
            return "a group is named with (?P<name>...)";
        if (p[i] != '\\') continue;
        if (p[i + 1] == 'C') return "\\C is not in every edge's dialect";
        if (p[i + 1] == 'Q') {
            i = p.find("\\E", i + 2);
            if (i == StringPiece::npos) break;
        }
        i++;
    }
    return nullptr;
}

static size_t parse_flags(const StringPiece &p, size_t i, bool *folds)
{
    for (i += 2; i < p.size() && p[i] != ':' && p[i] != ')' && p[i] != '-' && p[i] != 'P'; i++)
        if (p[i] == 'i') *folds = true;
    return i;
}

extern "C" struct regex *regex_new(struct slice pattern, bool case_insensitive, char *error, size_t error_size)
{
    StringPiece p(pattern.ptr ? pattern.ptr : "", pattern.len);
    const char *why = refused(p);
    if (why) {
        snprintf(error, error_size, "%s", why);
        return nullptr;
    }
    struct regex *r = new regex(p, options_for(case_insensitive));
    if (r->re.ok()) return r;
    snprintf(error, error_size, "%s", r->re.error().c_str());
    delete r;
    return nullptr;
}

extern "C" struct regex *regex_new_literal(struct slice text, bool case_insensitive, bool at_start, bool at_end)
{
    std::string p = RE2::QuoteMeta(StringPiece(text.ptr ? text.ptr : "", text.len));
    p = (at_start ? "\\A" : "") + p + (at_end ? "\\z" : "");
    struct regex *r = new regex(p, options_for(case_insensitive));
    if (r->re.ok()) return r;
    delete r;
    return nullptr;
}

extern "C" void regex_free(struct regex *r) { delete r; }

extern "C" bool regex_search(const struct regex *r, struct slice text)
{
    StringPiece t(text.ptr ? text.ptr : "", text.len);
    return r->re.Match(t, 0, t.size(), RE2::UNANCHORED, nullptr, 0);
}

extern "C" bool regex_match(const struct regex *r, struct slice text, size_t from, struct regex_span *spans, size_t count)
{
    StringPiece t(text.ptr ? text.ptr : "", text.len), groups[REGEX_GROUPS];
    if (count > REGEX_GROUPS) count = REGEX_GROUPS;
    if (from > text.len || !r->re.Match(t, from, t.size(), RE2::UNANCHORED, groups, static_cast<int>(count))) return false;
    for (size_t i = 0; i < count; i++) {
        bool there = groups[i].data() != nullptr;
        spans[i].start = there ? static_cast<size_t>(groups[i].data() - t.data()) : static_cast<size_t>(-1);
        spans[i].end = there ? spans[i].start + groups[i].size() : static_cast<size_t>(-1);
    }
    return true;
}

extern "C" int regex_groups(const struct regex *r) { return r->re.NumberOfCapturingGroups(); }

extern "C" int regex_group(const struct regex *r, struct slice name)
{
    auto found = r->re.NamedCapturingGroups().find(std::string(name.ptr ? name.ptr : "", name.len));
    return found == r->re.NamedCapturingGroups().end() ? -1 : found->second;
}

extern "C" bool regex_matches_empty(const struct regex *r)
{
    return r->re.Match(StringPiece("\1\1", 2), 1, 1, RE2::UNANCHORED, nullptr, 0);
}

static bool potential(const FilteredRE2 &filter, const std::vector<bool> &present)
{
    std::vector<int> atoms, regexps;
    for (size_t i = 0; i < present.size(); i++)
        if (present[i]) atoms.push_back(static_cast<int>(i));
    filter.AllPotentials(atoms, &regexps);
    return !regexps.empty();
}

/* A set of atoms is a cover when the texts without any of them cannot match: begins with all, takes the shortest out first. */
extern "C" bool regex_literals(const struct regex *r, size_t least, void (*visit)(void *, struct slice), void *context)
{
    FilteredRE2 filter(static_cast<int>(least));
    std::vector<std::string> atoms;
    int id;
    if (filter.Add(r->re.pattern(), r->re.options(), &id) != RE2::NoError) return false;
    filter.Compile(&atoms);
    std::vector<bool> left_out(atoms.size(), false);
    if (atoms.empty() || potential(filter, left_out)) return false;
    for (size_t length = least;; length++) {
        bool longer = false;
        for (size_t i = 0; i < atoms.size(); i++) {
            longer |= atoms[i].size() > length;
            if (left_out[i] || atoms[i].size() != length) continue;
            left_out[i] = true;
            if (potential(filter, left_out)) left_out[i] = false;
        }
        if (!longer) break;
    }
    for (size_t i = 0; i < atoms.size(); i++) {
        struct slice s = {atoms[i].data(), atoms[i].size()};
        if (!left_out[i]) visit(context, s);
    }
    return true;
}

extern "C" bool regex_folds(const struct regex *r)
{
    StringPiece p(r->re.pattern());
    bool folds = !r->re.options().case_sensitive();
    for (size_t i = 0; i < p.size() && !folds; i++) {
        folds = static_cast<unsigned char>(p[i]) > 0x7f;
        if (i + 1 == p.size()) break;
        if (p[i] == '\\') folds |= strchr("xpP", p[++i]) != nullptr;
        else if (p[i] == '(' && p[i + 1] == '?') i = parse_flags(p, i, &folds);
    }
    return folds;
}
