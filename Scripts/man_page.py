"""Writes the manual page of what a program says of its commands.

`man_page.py PROGRAM` asks it with `--experimental-dump-help`, which every program with ArgumentParser understands, and
prints the page.
"""

import json
import os
import subprocess
import sys
import time


def roff(text):
    """Returns text that roff prints as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line[:1] in (".", "'") else line for line in escaped.split("\n"))


def paragraphs(text):
    return "\n.PP\n".join(roff(part) for part in text.split("\n\n"))


def item(argument):
    """Returns an option, a flag or a value, and what it means."""
    value = argument.get("valueName", "")
    names = [("--" if name["kind"] == "long" else "-") + name["name"] for name in argument.get("names", [])]
    if argument["kind"] == "positional":
        head = f"\\fI{roff(value)}\\fR"
    else:
        head = ", ".join(f"\\fB{roff(name)}\\fR" for name in names)
        if argument["kind"] == "option":
            head += f" \\fI{roff(value)}\\fR"
    text = argument.get("abstract", "")
    default = argument.get("defaultValue")
    if default is not None and "default:" not in text:
        text += f" (default: {default})"
    return f".TP\n{head}\n{roff(text.strip()) or chr(92) + '&'}"


def command(told, name):
    """Returns a command and those within it."""
    lines = [f".SS {roff(name)}", roff(told.get("abstract", ""))]
    if told.get("discussion"):
        lines += [".PP", paragraphs(told["discussion"])]
    for argument in told.get("arguments", []):
        names = [name["name"] for name in argument.get("names", [])]
        if argument.get("shouldDisplay", True) and "help" not in names and "version" not in names:
            lines.append(item(argument))
    for inner in told.get("subcommands", []):
        if inner["commandName"] != "help":
            lines.append(command(inner, f"{name} {inner['commandName']}"))
    return "\n".join(lines)


def main():
    def ask(argument):
        return subprocess.run([sys.argv[1], argument], check=True, capture_output=True, text=True).stdout

    version = ask("--version").strip()
    told = json.loads(ask("--experimental-dump-help"))["command"]
    name = told["commandName"]
    day = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
    abstract = told["abstract"].rstrip(".")
    print(f'.TH {name.upper()} 1 {day} "{name} {version}" "User Commands"')
    print(f".SH NAME\n{name} \\- {roff(abstract[0].lower() + abstract[1:])}")
    print(f".SH SYNOPSIS\n\\fB{name}\\fR \\fIcommand\\fR [\\fIoption\\fR ...]")
    print(f".SH DESCRIPTION\n{paragraphs(told['discussion'])}")
    print(".SH COMMANDS")
    for inner in told["subcommands"]:
        if inner["commandName"] != "help":
            print(command(inner, f"{name} {inner['commandName']}"))
    print(".SH FILES\n.TP\n.I /etc/slicewise/slicewise.json\nSettings of the service; all of them are in Settings.md."
          "\n.TP\n.I /var/lib/slicewise\nEverything that the service keeps."
          "\n.TP\n.I /usr/share/doc/slicewise/Documentation\nThe calls of the service, its settings, recipes and operation.")


if __name__ == "__main__":
    main()
