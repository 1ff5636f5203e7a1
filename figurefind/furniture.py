"""What on a page is not the article: menus, bylines, counters, other stories' headlines, notes, legal lines.

Every line is judged once, from its own words and from the heading that it stands under. A line is *prose* if it reads
as a sentence. Sections of other stories, notes or comments begin at a heading of their kind; they end where prose takes
up again, unless more prose lies before the heading than behind it: then the article is over.
"""

from __future__ import annotations

import bisect
import re
from enum import IntEnum
from itertools import accumulate, pairwise


class Line(IntEnum):
    """What a line is; only the first two kinds are read for figures."""

    PROSE = 0
    SHORT = 1  # a heading, a caption, a key figure, a part of a sentence
    FURNITURE = 2


_COUNTED = (
    r"comments?|shares?|likes?|views?|replies|reply|reactions?|retweets?|followers|subscribers|reads?|"
    r"downloads?|"
    r"upvotes?|claps?|images?|photos?|pictures?|videos?|slides?|pageviews?|visits?|hits|citations?|ratings?|"
    r"posts?|"
    r"tweets?|bookmarks?|stars?|results?|mins?(?:ute)?[ -](?:read|watch|listen)|minutes?[ -](?:read|watch|"
    r"listen)"
)
_OTHERS = re.compile(  # headings over other stories
    r"(?:related(?: (?:articles?|stor(?:y|ies)|posts?|content|news|topics?|links?|coverage|reading|materials?|items?|"
    r"reports?"
    r"|publications?|documents?))?|read (?:next|more|also|this next|full story)|also read|more (?:on|from|stories|news|"
    r"in|about"
    r"|like this|to read|articles|headlines|coverage|top stories)\b.{0,40}|(?:the )?(?:most|top)[ -](?:read|popular|"
    r"viewed|"
    r"commented|shared|recent|watched|stories|news|headlines|articles|picks)\b.{0,30}|trending(?: (?:now|topics|"
    r"stories|news))?"
    r"|popular(?: (?:now|posts|stories|articles|in .{0,20}))?|recommended(?: .{0,30})?|you (?:may|might)(?: also)? "
    r".{0,30}|"
    r"what to read(?: next)?|latest(?: (?:news|stories|headlines|articles|updates|posts|from .{0,20}|videos))?|"
    r"(?:don't|do not) miss.{0,20}|editors?'?s?'? (?:picks?|choice)|up next|(?:around|from) the web|sponsored.{0,20}|"
    r"promoted.{0,20}|"
    r"go deeper|(?:in )?other (?:news|stories|articles)|recent(?: (?:posts|articles|news|stories|comments))|"
    r"breaking(?: news)?|"
    r"in pictures|must[ -]reads?|next (?:story|article|post|up)|previous (?:story|article|post)|keep reading|continue "
    r"reading|"
    r"(?:live )?headlines|news in brief|in brief|in case you missed it|watch(?: now| next| more)?|listen(?: now)?|top "
    r"posts.{0,20}|"
    r"similar (?:articles|posts|stories|news)|suggested.{0,20}|elsewhere.{0,20}|our picks|best of .{0,20}|see also|"
    r"people also (?:read|viewed)|readers also .{0,20}|today's (?:headlines|top stories|news)|hot topics|stock quotes?|"
    r"markets?)"
    r"[ :.…>»|–-]*"
)
_MANY = re.compile(
    r"stories|articles|posts|news|popular|deeper|trending|latest|headlines|recommended|most|picks"
)
_TAIL = re.compile(  # headings of what follows an article
    r"(?:#+ ?)?(?:.{0,30}\b[0-9,]+ comments?|references?|(?:foot|end)?notes?(?: and references)?|"
    r"external links|further reading|bibliography|"
    r"citations|"
    r"works cited|sources and notes|notes? (?:to|for) (?:the )?editors?|for (?:the )?media|media (?:contacts?|"
    r"enquiries|inquiries)|"
    r"[0-9,]* ?comments?(?: \([0-9,]+\))?|leave (?:a|your) (?:reply|comment).{0,20}|join the (?:conversation|"
    r"discussion)|"
    r"post a comment|add (?:a|your) comment.{0,20}|have your say|(?:reader|user) comments|responses|discussion|"
    r"about (?:us|the authors?|this (?:site|blog))|contact(?:s| us)?|for (?:further|more) information.{0,40}|"
    r"scientific contact|"
    r"press contacts?|tags?|categories|blog archive|archives?|(?:sign up|subscribe).{0,60}|newsletters?|follow "
    r"us.{0,20}|"
    r"original publication|attached files|labels|site ?map|footer|privacy policy|terms(?: of use| and "
    r"conditions)?)[ :.]*(?:\[edit\])?"
)
_MARKED = re.compile(  # a line that says itself that it is furniture
    r"©|\(c\) ?[12][0-9]{3}|all rights reserved|privacy (?:policy|notice)|terms of (?:use|service)|your (?:email|"
    r"e-mail|inbox)\b|unsubscribe|found this (?:helpful|useful)|\bibid\b|partners (?:store|process|access|may use)|"
    r"information on (?:a|your) device|please donate\b|donate [$€£][0-9.]+ (?:today|now|a month)|"
    r"(?:^|[.!] )(?:please )?support us\b|people read us\b|"
    r"^[0-9]{1,3}[. ]{1,3}[^0-9].*\([12][0-9]{3}\),? (?:pp?\. ?)?[0-9][0-9,; –-]*\.?$|"
    r"\bisbn\b|\bissn\b|\bdoi\b|follow us|share (?:this|on)\b|e-?mail address|terms apply|free "
    r"trial|"
    r"skip to (?:main )?content|\bretrieved:? (?:on )?(?:[0-9]{1,2} [a-z]{3,9}\.? |"
    r"[a-z]{3,9}\.? [0-9]{1,2}, |)[12][0-9]{3}\b|archived from the original|registered (?:charity|"
    r"non-profit|company|office)|charity (?:no|number|reg)|vat (?:no|number|reg)|"
    r"company (?:no|number)|p\.? ?o\.? box|click here|\bpdf\b.{0,12}[0-9]|"
    r"\best(?:ablished|\.|d\.?)? (?:in )?[12][0-9]{3}$|^\[[0-9]{1,3}\] |"
    r"\bpp?\. ?[0-9]|articles? (?:left|remaining)|free articles|this (?:article|story|page|"
    r"post) is (?:more than |over )?[0-9]|years? "
    r"(?:of|')? ?experience|"
    r"award-winning (?:journalist|author|reporter|correspondent|writer)|cited by|altmetric|crossref|add to (?:cart|"
    r"basket)|paperback|hardcover|"
    r"(?:buy|order) (?:now|the book|it now)|characters (?:left|remaining|max)|= ?\?$|registered in (?:england|scotland|"
    r"ireland|the)|"
    r"required fields|sort by\b|our app\b|"
    r"rate this|this site and its|(?:^|\? ?)[0-9][0-9,.]* (?:people|readers|users) (?:have )?voted$|"
    r"^(?:related|similar|popular|recommended|trending)\b[^:|]{0,40}\b(?:posts|articles|stories|"
    r"resources|reading|links|"
    r"content|coverage|news|topics|items|materials|documents|publications)\b ?:|"
    r"quotes delayed|terms & conditions|javascript|captcha|"
    r"^(?:also read|read more|read also|related|see also|watch|more on this|read next|next|previous|up next|listen|"
    r"video|gallery|"
    r"in pictures|opinion|explainer|don't miss|must read|live|breaking|more|trending|popular|latest(?: news)?|top "
    r"stories|most read|headlines|hot|just in|podcast|quiz|sponsored|recommended)(?: ?[:|›»>]| –)"
)
_OFFERED = re.compile(  # the same, but that a sentence of the article may speak of such things
    r"copyright\b|\bcookies?\b|\bsubscri(?:be|ption|ber)|sign (?:up|in)\b|\blog ?in\b|newsletter|advertis(?:e|ing|er)|"
    r"powered by|download (?:the )?(?:app|pdf|report)|\(pdf|donate (?:now|today)|"
    r"\bjoin (?:the |our |over |more than |us and )*[0-9]"
)
_ADDRESSED = re.compile(
    r"^(?:subscribe|sign|log|join|download|register|advertise|donate)\b|"
    r"\b(?:you|your|our|we|us|please|this (?:site|website|page|blog|channel)|here)\b"
)
_BYLINE = re.compile(
    r"^(?:by\b(?! [0-9]|(?: the end of)? (?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|"
    r"dec)[a-z]* [0-9]|early|late|mid|the |then|contrast|comparison|now|far|some|all|and large)|(?:first "
    r")?(?:published|posted|"
    r"updated|created|modified|issued|revised|accessed)\b|last (?:updated|modified|edited|changed|reviewed)|written by|"
    r"reported by|"
    r"reporting by|edited by|editing by|author|date:|time:|published|photo(?:graph)?(?: ?:| by| credit)|image(?: ?:| "
    r"by| credit| "
    r"source)|picture(?: ?:| by)|credit(?:s)?:|source(?:s)?:|page [0-9]|p\. ?[0-9]|slideshow|file photo|tel\b|phone|"
    r"fax|mobile|"
    r"e-?mail|address|call us|hotline|views?:?|reading time|read time|time to read|word count|tags?:|filed under|"
    r"topics?:|labels?:|"
    r"categor(?:y|ies):|posted (?:by|on|in)|search\b|menu\b|home [|»›>/]|home  |≡|updated)"
)
_STAMPED = re.compile(
    r"(?:first |last )?(?:published|posted|updated|created|modified|edited|reviewed|"
    r"issued)\b[ :,|–-]*(?:on |at )?"
    r"(?:[0-9]|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec)[a-z]*\b)"
)
_CREDIT = re.compile(
    r"\b(?:photo|photograph|image|picture|credit|via|courtesy)\b.{0,60}\b(?:afp|reuters|getty|epa|"
    r"tass|ap|wikimedia|"
    r"shutterstock|alamy|flickr|anadolu|xinhua|sipa|bloomberg|unhcr|unicef|msf|cc by)\b|/ ?(?:afp|"
    r"getty|ap|reuters|epa)\b"
)
_AGO = re.compile(
    r"\b(?:[0-9]+|an?) ?(?:h|m|d|s|min|mins|minutes?|hours?|hrs?|days?|weeks?|months?|years?) ago\b"
)
_COUNTER = re.compile(  # counters, page numbers, durations of reading, prices of a subscription
    rf"\b[0-9][0-9.,]{{0,14}}[km]? ?\+?(?:{_COUNTED})\b|\b(?:{_COUNTED})[ :(]{{1,3}}[0-9]|"
    r"\b(?:facebook|twitter|linkedin|whatsapp|pinterest|reddit|telegram|email|tweet|share|print)[ :(]{1,3}[0-9]|"
    r"[0-9]\+? ?(?:min|minutes?)\b(?! later| before| after| of| from)|^[0-9 ]{1,12}$|^(?:page|list)\b.{0,9}[0-9]|^of "
    r"[0-9]+$|"
    r"[0-9] ?/ ?[0-9]+$|(?:^|[|·•] ?)(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9]|\b(?:previous|next)\b.*\b[0-9]|\bpages?: "
    r"?[0-9]|"
    r"[▼►▶◄]|[0-9](?:\.[0-9])? ?(?:kb|mb|gb)\b|\bp a g e\b|^[0-9]+ of [0-9]+$|^document (?:details|number|type)|"
    r"\b(?:vol(?:ume|\.)?|issue|pp?\.) ?[0-9]|\b[0-9]+ ?\([12][0-9]{3}\)[ ,:]*[0-9]|°[0-9]+[′']|^posts? [0-9]|"
    r"^source .*\bposted|\bas little as\b|% off\b|\boff (?:your|our|all)\b|weeks? for [$€£]|^save (?:up to )?[0-9$€£]|"
    r"\b[0-9]{2,3}\.[0-9] ?fm\b|[0-9] ?[km]hz\b|°[cf]?(?: [^|]{0,30})?\||\|[^|]{0,30}[0-9] ?°|°.{0,20}[0-9]°|"
    r"[$€£][0-9.]{1,9} (?:for|every) (?:the first |your first )?(?:[0-9]+|one|two|three|six|"
    r"twelve)? ?(?:weeks?|months?|issues?|"
    r"years?)\b|\b(?:humidity|precipitation|uv index|sunrise|sunset|hpa)\b|^18\+|\bt&cs?\b|upvoted|[0-9] points? by\b|"
    r"^quote from\b|accept all\b.*reject all|^(?:accept|reject) all\b|opening hours|"
    r"\bmon(?:day)? ?[-–] ?(?:fri|sat|sun)|"
    r"^\(?[0-9][0-9.,]*[km]? votes?\)?$|[0-9] votes?\)|^text [a-z]{2,12} to [0-9]|"
    r"^(?:[^.]{0,40}\b)?a (?:blog|podcast|newsletter) (?:by|about|for|on) |"
    r"\bdonate\b|^give\b|\byou give\b|\byour (?:gift|donation|support)\b|\bmatched\b|\brated\b|^loading\b|^follow\b|"
    r"^(?:next|previous) (?:article|story|post)\b|"
    r"\b(?:reply|like|upvote|helpful|report abuse)\b.{0,10}[0-9]|[0-9] (?:out of|of) [0-9]+ stars|\b(?:just|only|from|"
    r"for) [$€£][0-9.]+ "
    r"(?:a|per) (?:week|month|year)|^ad [0-9]|^(?:article |story |document |report )?(?:id|"
    r"ref(?:erence)?)\b[ .:#]*[0-9]|tickets? from|"
    r"^(?:show|see|view|load|read) (?:all )?[0-9]|^\+[0-9]|^jobs\b|·|^get [0-9]+ (?:months?|weeks?|"
    r"issues?)|(?:months?|weeks?) "
    r"for [$€£]|"
    r"\b[a-z]{3} 1 ?=|[0-9] [+-][0-9.]+%?$|"
    r"^(?:live|breaking|trending)\b|\bgift of [$€£]|/(?:week|month|year)\b|501\(c\)|\bein\b|partners (?:store|use|and)|"
    r"^(?:the |top )?[0-9]{1,2} (?:best|top|things|ways|takeaways|tips|reasons|facts|questions|lessons|charts|maps|"
    r"tricks|"
    r"recipes|healthy|must|essential|key takeaways)\b|[0-9] [^,]{2,30}\b(?:street|avenue|boulevard|blvd|lane|suite)\b|"
    r"\b[a-z]{2} [0-9]{5}(?:-[0-9]{4})?$|^breaking\b|^\^ "
)
_TICKER = re.compile(
    r"(?:brent|wti|crude|ftse|s&p|dow(?: jones)?|nasdaq|nikkei|dax|cac|bitcoin|btc|ethereum|eth|gold|"
    r"silver|"
    r"euro stoxx|hang seng|[a-z]{3}/[a-z]{3})\b[^a-z]{0,40}"
)
_TICKERS = re.compile(
    r"\b(?:brent|wti|ftse|s&p|dow|nasdaq|nikkei|dax|bitcoin|btc|eur|usd|gbp|uah|rub|gold|opec)\b"
)
_PAGINATION = re.compile(
    r"[\W\d]*(?:(?:next|previous|prev|last|first|page|older|newer|posts?|of)[\W\d]+)*"
    r"(?:next|previous|prev|last|page|older|newer|posts)?[\W\d]*"
)
_STAMP = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?(?:(?:[0-3]?[0-9](?:st|nd|"
    r"rd|th)? )?"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?,? ?(?:[0-3]?[0-9](?:st|nd|rd|"
    r"th)?)?,? ?"
    r"(?:[12][0-9]{3})?|[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}|"
    r"[01]?[0-9]/[12][0-9]{3})(?:[ ,|–·-]+(?:at )?[0-9]{1,2}[:.][0-9]{2}.{0,24})?"
    r"(?:[ ,|–·-]+(?:.{0,40}))?"
)
_STOPS = re.compile(r"[.!?][\"')\]]*(?:\[[0-9a-z ]{1,8}\])*[0-9]{0,3}(?: |$)")
_END = re.compile(r"[.!?:;…][\"')\]]{0,2}(?:\[[0-9a-z ]{1,8}\]){0,6}$|\]$|[a-z][.!?][0-9]{1,2}$")
_MONTH = re.compile(
    r"^(?:[0-3]?[0-9](?:st|nd|rd|th)? )?(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|"
    r"sep|oct|nov|"
    r"dec|[0-9]{1,4}[./-][0-9])"
)


class Page:
    """The lines of a page and what each of them is.

    Parameters
    ----------
    cased, plain : str
        A text in plain characters as `view` gives it, and the same in lower case.
    """

    def __init__(self, cased: str, plain: str):
        self.lines = plain.split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in self.lines[:-1]), initial=0))
        self.kinds = _judge(self.lines, cased.split("\n"))

    def at(self, offset: int) -> tuple[Line, int, str]:
        """The kind of the line at an offset of the text, where it starts, and the line."""
        index = bisect.bisect_right(self.starts, offset) - 1
        return self.kinds[index], self.starts[index], self.lines[index]


def _judge(lines: list[str], cased: list[str]) -> list[Line]:
    """What each line is: by itself, by its neighbours, and by the section that it stands in."""
    own = []
    before = ""
    for line, printed in zip(lines, cased, strict=False):
        text = printed.strip()
        if text[:1].islower() and before.count(" ") > 2 and not _END.search(before):
            own.append(Line.PROSE)  # a sentence goes on
            if (
                own[-2] is Line.FURNITURE
                and before.count(" ") > 5
                and not _MARKED.search(before.lower())
            ):
                own[-2] = Line.PROSE
        else:
            own.append(_own_kind(line, text))
        before = text
    _mark_lists(own, lines)
    _spare_headlines(own, cased)
    weights = [
        len(line) if kind is Line.PROSE else 0 for line, kind in zip(lines, own, strict=False)
    ]
    total, seen = sum(weights), 0
    kinds, section = [], ""  # "", "others" or "over"
    for line, kind, weight in zip(lines, own, weights, strict=False):
        if kind is Line.PROSE and section == "others":
            section = ""
        elif kind is not Line.PROSE and section != "over" and 0 < len(line) < 90:
            heading = line.strip(" *#_=|•·")
            if heading and (heading[0] not in "0123456789" or "comment" in heading):
                if _TAIL.fullmatch(heading):
                    section = "over" if seen * 2 > total else "others"
                elif _OTHERS.fullmatch(heading):
                    far = (0.6 if _MANY.search(heading) else 0.85) * total
                    section = "over" if far < seen < total else "others"
        seen += weight
        kinds.append(Line.FURNITURE if section else kind)
    first = next((index for index, kind in enumerate(own) if kind is Line.PROSE), 0)
    titles = [
        index
        for index in range(first)
        if own[index] is Line.SHORT is not kinds[index] and lines[index].strip().count(" ") > 3
    ]
    if len(titles) == 1:  # the page's own headline, below a tab such as "Latest news"
        kinds[titles[0]] = Line.SHORT
    return kinds


_COUNTER_NAME = re.compile(rf"(?:{_COUNTED}|votes?|saves?)")
_BARE = re.compile(r"[0-9][0-9.,]*[km]?")
_DATED = re.compile(
    r"[^\n]{20,160} ?[-–|•] "
    r"(?:[0-9]{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? "
    r"(?:[0-9]{1,2}, )?[12][0-9]{3}"
)


def _mark_lists(kinds: list[Line], lines: list[str]) -> None:
    """Counters whose name stands on a line of its own, and lists of three dated headlines and more."""
    filled = [
        (index, text)
        for index, line in enumerate(lines)
        if kinds[index] is Line.SHORT and (text := line.strip())
    ]
    for (first, name), (second, other) in pairwise(filled):
        if _BARE.fullmatch(other) and _COUNTER_NAME.fullmatch(name):
            kinds[second] = Line.FURNITURE
        elif _BARE.fullmatch(name) and _COUNTER_NAME.fullmatch(other):
            kinds[first] = Line.FURNITURE
    dated = [index for index, text in filled if _DATED.fullmatch(text)]
    if len(dated) > 2:
        for index in dated:
            kinds[index] = Line.FURNITURE


def _spare_headlines(kinds: list[Line], cased: list[str]) -> None:
    """Runs of three headlines and more, before the first sentence of a page or behind its last, are of other stories.

    The last two lines before the first sentence are the article's own headline and the line under it.
    """
    prose = [index for index, kind in enumerate(kinds) if kind is Line.PROSE]
    if not prose:
        return
    filled = [index for index in range(prose[0]) if cased[index].strip()][:-2]
    for span in (
        filled,
        [index for index in range(prose[-1] + 1, len(cased)) if cased[index].strip()],
    ):
        run: list[int] = []
        for index in (*span, -1):
            if (
                index >= 0
                and _HEADLINE.fullmatch(cased[index].strip())
                and 4 <= cased[index].strip().count(" ") < 18
            ):
                run.append(index)
            elif index < 0 or cased[index].strip().count(" ") > 3:
                if len(run) > 2:
                    for other in run:
                        kinds[other] = Line.FURNITURE
                run = []


_HEADLINE = re.compile(r"[\"'A-Z][^•|]*[^\s.:;,!•|]")


def _own_kind(line: str, printed: str) -> Line:
    """What a line is from its own words; `printed` with its capitals."""
    text = line.strip()
    if not text:
        return Line.SHORT
    count = text.count(" ") + 1
    if count > 40:
        menu = (
            not _STOPS.search(text)
            and sum(word[0].isupper() for word in printed.split()) > 0.4 * count
        )
        return Line.FURNITURE if menu else Line.PROSE
    if _MARKED.search(text):
        return Line.FURNITURE
    if count < 16 and _STAMPED.match(text):
        return Line.FURNITURE
    if text[-1] == ":" and count < 16 and (_BYLINE.match(text) or _COUNTER.search(text)):
        return Line.FURNITURE
    prose = count > 24 or (
        count > 5 and _END.search(text) is not None and (count > 7 or text[-1] in ".!?")
    )
    if _OFFERED.search(text) and (not prose or count < 8 or _ADDRESSED.search(text)):
        return Line.FURNITURE
    if prose:
        return Line.PROSE
    if _BYLINE.match(text) or _COUNTER.search(text) or _AGO.search(text):
        return Line.FURNITURE
    if _MONTH.match(text) and _STAMP.fullmatch(text):
        return Line.FURNITURE
    if _TICKER.fullmatch(text) or (count < 16 and len(set(_TICKERS.findall(text))) > 2):
        return Line.FURNITURE
    if _is_pagination(text) or _CREDIT.search(text):
        return Line.FURNITURE
    return Line.SHORT


def _is_pagination(text: str) -> bool:
    """As in "1 2 3 … 45 Next »": several small numbers and nothing to read."""
    numbers = re.findall(r"[0-9]+(?:[.,][0-9]+)*", text)
    return (
        len(numbers) > 2
        and all(len(number) < 4 for number in numbers)
        and _PAGINATION.fullmatch(text) is not None
    )
