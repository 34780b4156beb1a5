// The text of `--help`, made from the settings.

import { flagOf, type Setting, type SettingName, settings } from "../config/index.ts";

/** What `--help` prints. */
export function helpText(): string {
	const lines = (Object.entries(settings) as [SettingName, Setting][]).map(([name, setting]) =>
		[
			`  ${name}`,
			...wrapped(setting.about),
			...wrapped(`takes ${setting.takes}; default: ${setting.default}`),
			...(setting.secret === true ? [] : wrapped(`flag: --${flagOf(name)}`)),
		].join("\n"),
	);
	return `prod-debugger-mcp: an MCP server with which an AI agent debugs production.

Usage: prod-debugger-mcp [command] [flags]

Commands
  serve     speak MCP over stdin and stdout (default)
  doctor    check the set-up, one line per check; --json for scripts
  report    print the Production Debug Report as Markdown; --since 24h, --until now;
            --html FILE writes a page, with timelines, episodes and failing skills;
            --case ID,ID shows these cases as its issues
  watch     ask production every few minutes, and tell what is new, worse, over, or back after
            its fix, once each: --every 5m; --json: a JSON object a line; --exec PROGRAM: started
            for each, with the JSON on its stdin; --limit '10/h', 'CODE 30/h' or 'skill NAME 20%'
            (of a day's runs; may be given 10 times); --once: one round, for cron and CI, with
            --fail-on new,on,burst,recurring,growing,worse,over,came_back,limit (default limit)
  cases     what is remembered of earlier trouble in this repository: list (default),
            show ID; mute ID and unmute ID: agents are not told of it unasked; forget ID;
            export FILE and import FILE share them: what is imported counts as others' words
  attach    list the hosts of this machine; attach HOST makes one start this server (claude,
            claude-desktop, vscode, cursor): asks first, keeps a backup; --yes does not ask

Flags
  --environment NAME  of doctor, report, watch, cases: one of those that SKILLOMATIC_ENVIRONMENTS
                 adds, or production; default the first (doctor: all)
  --demo         use an embedded production with errors to find; key and address are ignored
  --demo-now T   the demo at a fixed instant (2026-11-24T09:00:00Z): its numbers repeat
  --help, -h     this text
  --version, -v  the version

Settings, from the environment or as a flag of the same name (a flag wins)
${lines.join("\n")}

Exit codes: 0 success; 1 it failed, or a check of the doctor did; 2 the command line is invalid.
Of watch: 1 something of --fail-on was told; 2 a flag or a setting is invalid; 3 production
could not be asked
`;
}

/** Lines of at most 92 characters, indented under a setting's name. */
function wrapped(text: string): readonly string[] {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + word.length < 92) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(`${lines.length === 0 ? "      " : "        "}${word}`);
	}
	return lines;
}
