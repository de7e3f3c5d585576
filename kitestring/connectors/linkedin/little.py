r"""LinkedIn's "little" text: what a post's words look like on the wire.

Fifteen signs mean something there and are written with a backslash before them; LinkedIn cuts a text off at one that is not.
A hashtag is {hashtag|\#|tag}, a mention @[Name](urn:li:organization:1).
Source: learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format.
"""

from __future__ import annotations

import regex

from kitestring.connectorkit.links import spans

RESERVED = "\\|{}@[]()<>#*_~"
_RESERVED = regex.compile(r"[\\|{}@\[\]()<>#*_~]")
_ESCAPED = regex.compile(r"\\([\\|{}@\[\]()<>#*_~])")
MENTION = regex.compile(
    r"@\[(?P<name>[^\[\]\n]{1,200})\]\((?P<urn>urn:li:(?:person|organization):[A-Za-z0-9_-]{1,60})\)"
)
_TAG = regex.compile(r"\{hashtag\|\\?[#＃]\|(?P<tag>(?:\\.|[^\\{}|])*)\}")
_NAMED = regex.compile(r"@\[(?P<name>(?:\\.|[^\\\[\]])*)\]\(urn:li:[A-Za-z]+:[A-Za-z0-9_-]+\)")


def escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def little(text: str) -> str:
    """The words of a post as LinkedIn wants them: mentions and hashtags kept alive, everything else as it stands."""
    made, place = [], 0
    for found in MENTION.finditer(text):
        made.append(_tagged(text[place : found.start()]))
        made.append(f"@[{escaped(found['name'])}]({found['urn']})")
        place = found.end()
    return "".join([*made, _tagged(text[place:])])


def _tagged(text: str) -> str:
    made, place = [], 0
    for span in spans(text):
        if span.kind != "hashtag":
            continue
        made.append(escaped(text[place : span.start]))
        made.append(f"{{hashtag|\\#|{escaped(span.text.lstrip('#＃'))}}}")
        place = span.end
    return "".join([*made, escaped(text[place:])])


def shown(text: str) -> str:
    """What readers see of a writer's text: a mention is its name. LinkedIn counts this."""
    return MENTION.sub(lambda found: found["name"], text)


def plain(commentary: str) -> str:
    """What readers see of the words that LinkedIn gives back."""
    tagged = _TAG.sub(lambda found: f"#{found['tag']}", commentary)
    return _ESCAPED.sub(r"\1", _NAMED.sub(lambda found: found["name"], tagged))


def same(ours: str, commentary: str) -> bool:
    """Whether LinkedIn's words are the ones a writer wrote, blanks and the sign before a tag aside."""
    return _bare(shown(ours)) == _bare(plain(commentary))


def _bare(text: str) -> str:
    return "".join(text.replace("＃", "#").split())
