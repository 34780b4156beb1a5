// The profile of macOS's sandbox: what a command in it may read and write.

import { dirname, join } from "node:path";

export interface MacFolders {
	/** The only folder that it may write to, resolved. */
	readonly writable: string;
	/** Files and folders that it may read beside the system's, resolved. */
	readonly readable: readonly string[];
}

/** Installed programs and what they load; nothing below a home folder. */
const system = [
	"/System",
	"/bin",
	"/sbin",
	"/usr",
	"/opt",
	"/nix/store",
	"/Library/Apple",
	"/Library/Developer",
	"/Library/Frameworks",
	"/Library/Java",
	"/private/etc/ssl",
	"/private/var/db/timezone",
	"/private/var/select",
	"/dev/null",
	"/dev/random",
	"/dev/urandom",
	"/dev/zero",
];

/** Facts of the machine that runtimes ask for at their start. Other processes' arguments (kern.procargs2) are not among them. */
const facts = [
	"hw.activecpu",
	"hw.byteorder",
	"hw.cachelinesize",
	"hw.cpufamily",
	"hw.cputype",
	"hw.logicalcpu",
	"hw.logicalcpu_max",
	"hw.machine",
	"hw.memsize",
	"hw.ncpu",
	"hw.pagesize",
	"hw.physicalcpu",
	"kern.argmax",
	"kern.hostname",
	"kern.maxfilesperproc",
	"kern.osproductversion",
	"kern.osrelease",
	"kern.ostype",
	"kern.osversion",
	"kern.version",
	"sysctl.proc_translated",
	"vm.loadavg",
];

/**
 * Everything is denied but what is named: no network, no other process, no home folder, no key.
 *
 * @see sandbox-exec(1); its language has no manual, and the forms here are those of the profiles in /System/Library/Sandbox
 */
export function macProfile({ writable, readable }: MacFolders): string {
	const places = [...system, ...readable, writable];
	const ancestors = [...new Set(places.flatMap(foldersAbove))].sort();
	return [
		"(version 1)",
		"(deny default)",
		"(allow process-fork)",
		"(allow process-exec)",
		"(allow signal (target same-sandbox))",
		"(allow process-info* (target same-sandbox))",
		`(allow sysctl-read ${facts.map((name) => `(sysctl-name ${quoted(name)})`).join(" ")})`,
		'(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))',
		`(allow file-read-metadata ${ancestors.map((path) => `(literal ${quoted(path)})`).join(" ")})`,
		'(allow file-read-data (literal "/"))',
		`(allow file-read* ${places.map((path) => `(subpath ${quoted(path)})`).join(" ")})`,
		`(allow file-write* (subpath ${quoted(writable)}))`,
		'(allow file-write-data (literal "/dev/null") (literal "/dev/zero"))',
		"",
	].join("\n");
}

/** Of the variables that a command gets, none comes from this process. */
export function macEnvironment(writable: string, node: string): Readonly<Record<string, string>> {
	const path = [node, "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
	return {
		CI: "1",
		HOME: join(writable, "home"),
		LC_ALL: "en_US.UTF-8",
		NO_COLOR: "1",
		PATH: [...new Set(path)].join(":"),
		TMPDIR: join(writable, "tmp"),
	};
}

function foldersAbove(path: string): readonly string[] {
	const found: string[] = [];
	for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) found.push(folder);
	return found;
}

/** A text in the profile's language, as Scheme writes it. */
function quoted(text: string): string {
	return `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;
}
