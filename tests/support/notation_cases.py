"""One table of texts in our notation, and what every surface shows of each."""

from dataclasses import dataclass

LONG = "A long line goes on and on. " * 60


@dataclass(frozen=True)
class Case:
    """``html`` is what the widget and the desk build, by a technician; ``customer`` the same of a customer's words,
    where it differs.
    """

    name: str
    text: str
    slack: str
    teams: str
    html: str
    plain: str
    customer: str = ""


def same(name: str, text: str) -> Case:
    """A text without form: every surface shows its characters."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Case(name, text, escaped, escaped.replace("\n", "<br>"), escaped, text)


def link(target: str, words: str | None = None) -> str:
    return f'<a href="{target}" target="_blank" rel="noopener noreferrer nofollow">{words or target}</a>'


CASES = (
    same("plain", "plain words"),
    same("nothing", ""),
    same("line breaks", "one\n\n\ntwo"),
    same("names in code", "__init__ and snake_case_name and 2*3*4 and 2 ** 3"),
    same("patterns of files", "*.qbk, *.bak and **/*.py"),
    same("paths", r"C:\new_files\_old_ and \\server\_share_\x and /_next_/a"),
    same("a number sign", "# 5 is broken\n#7"),
    same("unclosed", "**bold and _italic and ~~struck and `code and ```block and [words](https:"),
    same("marks of nothing", "** ** and * * and _ _ and **** and ``````"),
    same("mentions", "@channel @here <!channel> <!here> <@U1KIM> <#C1> <at>Lee</at> <!subteam^S1>"),
    same("tags", '<b>x</b> <img src=x onerror="alert(1)"> &lt; &amp;'),
    same("other targets", "[no](javascript:alert(1)) [no](data:text/html,x) [no](/etc) [no](//evil.example)"),
    same("right to left", "שלום עולם מה שלומך"),
    same("emoji", "👍 👩‍💻 :+1:"),
    same("a long line", LONG.strip()),
    same("a prompt", ">>> import os"),
    same("arrows", "a > b and a -> b and <- c\n>5 pages\n><"),
    same("a bracket that is numbered", "1) one\n-2 degrees"),
    Case(
        "bold, italic, struck",
        "**bold** *it* _it_ ~~gone~~ ~gone~",
        "*bold* _it_ _it_ ~gone~ ~gone~",
        "<b>bold</b> <i>it</i> <i>it</i> <s>gone</s> <s>gone</s>",
        "<p><strong>bold</strong> <em>it</em> <em>it</em> <s>gone</s> <s>gone</s></p>",
        "bold it it gone gone",
    ),
    Case(
        "nested",
        "**bold and _both_ and `a_b_`** ***all***",
        "*bold and _both_ and `a_b_`* *_all_*",
        "<b>bold and <i>both</i> and <code>a_b_</code></b> <b><i>all</i></b>",
        "<p><strong>bold and <em>both</em> and <code>a_b_</code></strong> <strong><em>all</em></strong></p>",
        "bold and both and a_b_ all",
    ),
    Case(
        "crossed",
        "**a _b** c_",
        "*a _b* c_",
        "<b>a _b</b> c_",
        "<p><strong>a _b</strong> c_</p>",
        "a _b c_",
    ),
    Case(
        "right to left, in bold",
        "**שלום** עולם",
        "*שלום* עולם",
        "<b>שלום</b> עולם",
        "<p><strong>שלום</strong> עולם</p>",
        "שלום עולם",
    ),
    Case(
        "code with asterisks",
        "run `a **b** <c> __d__` now",
        "run `a **b** &lt;c&gt; __d__` now",
        "run <code>a **b** &lt;c&gt; __d__</code> now",
        "<p>run <code>a **b** &lt;c&gt; __d__</code> now</p>",
        "run a **b** <c> __d__ now",
    ),
    Case(
        "a code block",
        "before\n```\n  a *b* <c>\n\n# d\n```\nafter",
        "before\n```\n  a *b* &lt;c&gt;\n\n# d\n```\nafter",
        "before<pre>  a *b* &lt;c&gt;\n\n# d</pre>after",
        "<p>before</p><pre>  a *b* &lt;c&gt;\n\n# d</pre><p>after</p>",
        "before\n  a *b* <c>\n\n# d\nafter",
    ),
    Case(
        "a code block within a line",
        "run ```a *b*``` now",
        "run\n```\na *b*\n```\nnow",
        "run<pre>a *b*</pre>now",
        "<p>run</p><pre>a *b*</pre><p>now</p>",
        "run\na *b*\nnow",
    ),
    Case(
        "an address with underscores",
        "see https://x.example/a_b_c?d=1&e=_2_.",
        "see <https://x.example/a_b_c?d=1&amp;e=_2>_.",
        'see <a href="https://x.example/a_b_c?d=1&amp;e=_2">https://x.example/a_b_c?d=1&amp;e=_2</a>_.',
        f"<p>see {link('https://x.example/a_b_c?d=1&amp;e=_2')}_.</p>",
        "see https://x.example/a_b_c?d=1&e=_2_.",
    ),
    Case(
        "an address with brackets",
        "(https://docs.example/wiki/Print_(computing))",
        "(<https://docs.example/wiki/Print_(computing)>)",
        '(<a href="https://docs.example/wiki/Print_(computing)">https://docs.example/wiki/Print_(computing)</a>)',
        f"<p>({link('https://docs.example/wiki/Print_(computing)')})</p>",
        "(https://docs.example/wiki/Print_(computing))",
    ),
    Case(
        "an address in bold",
        "**https://x.example/a**",
        "*<https://x.example/a>*",
        '<b><a href="https://x.example/a">https://x.example/a</a></b>',
        f"<p><strong>{link('https://x.example/a')}</strong></p>",
        "https://x.example/a",
    ),
    Case(
        "a link",
        "[the _guide_](https://docs.example/a_(b)) here",
        "<https://docs.example/a_(b)|the guide> here",
        '<a href="https://docs.example/a_(b)">the <i>guide</i></a> here',
        f"<p>{link('https://docs.example/a_(b)', 'the <em>guide</em>')} here</p>",
        "the guide (https://docs.example/a_(b)) here",
        f"<p>the <em>guide</em> ({link('https://docs.example/a_(b)')}) here</p>",
    ),
    Case(
        "a link that names another address",
        "[https://bank.example](https://evil.example)",
        "<https://evil.example|https://bank.example>",
        '<a href="https://evil.example">https://bank.example</a>',
        f"<p>{link('https://evil.example', 'https://bank.example')}</p>",
        "https://bank.example (https://evil.example)",
        f"<p>https://bank.example ({link('https://evil.example')})</p>",
    ),
    Case(
        "a link that would end early",
        "[a > b|c](https://x.example/(y)|z)",
        "<https://x.example/(y)%7Cz|a &gt; b|c>",
        '<a href="https://x.example/(y)|z">a &gt; b|c</a>',
        f"<p>{link('https://x.example/(y)|z', 'a &gt; b|c')}</p>",
        "a > b|c (https://x.example/(y)|z)",
        f"<p>a &gt; b|c ({link('https://x.example/(y)|z')})</p>",
    ),
    Case(
        "a link made of marks",
        "[words](**https://x.example**)",
        "[words](*<https://x.example>*)",
        '[words](<b><a href="https://x.example">https://x.example</a></b>)',
        f"<p>[words](<strong>{link('https://x.example')}</strong>)</p>",
        "[words] (https://x.example)",
    ),
    Case(
        "a mailbox",
        "kim@a.example or [Kim](kim@a.example)",
        "kim@a.example or <mailto:kim@a.example|Kim>",
        '<a href="mailto:kim@a.example">kim@a.example</a> or <a href="mailto:kim@a.example">Kim</a>',
        '<p><a href="mailto:kim@a.example">kim@a.example</a> or <a href="mailto:kim@a.example">Kim</a></p>',
        "kim@a.example or Kim (kim@a.example)",
        '<p><a href="mailto:kim@a.example">kim@a.example</a> or Kim '
        '(<a href="mailto:kim@a.example">kim@a.example</a>)</p>',
    ),
    Case(
        "a list",
        "Try:\n\n- **one**\n* two\n  - inner\n    more\n• three\nDone",
        "Try:\n\n• *one*\n• two\n   • inner\n      more\n• three\nDone",
        "Try:<ul><li><b>one</b></li><li>two<ul><li>inner<br>more</li></ul></li><li>three</li></ul>Done",
        "<p>Try:</p><ul><li><strong>one</strong></li><li>two<ul><li>inner\nmore</li></ul></li><li>three</li></ul>"
        "<p>Done</p>",
        "Try:\n\n- one\n- two\n   - inner\n      more\n- three\nDone",
    ),
    Case(
        "steps",
        "1. open\n\n2. close",
        "1. open\n2. close",
        "<ol><li>open</li><li>close</li></ol>",
        "<ol><li>open</li><li>close</li></ol>",
        "1. open\n2. close",
    ),
    Case(
        "steps that were given other numbers",
        "3. open\n7. close",
        "3. open\n7. close",
        "3. open<br>7. close",
        '<ol start="3"><li>open</li></ol><ol start="7"><li>close</li></ol>',
        "3. open\n7. close",
    ),
    Case(
        "a quote",
        "> their *words*\n> - x\nmine",
        ">their _words_\n>• x\nmine",
        "<blockquote>their <i>words</i><ul><li>x</li></ul></blockquote>mine",
        "<blockquote><p>their <em>words</em></p><ul><li>x</li></ul></blockquote><p>mine</p>",
        "> their words\n> - x\nmine",
    ),
)
