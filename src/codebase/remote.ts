// Where the repository can be seen on the web, from its remote's address.

import type { Git } from "../system/index.ts";

/** The repository on the web. */
export interface WebRepository {
	/** `https://github.com/acme/app`, without user names. */
	readonly url: string;
	/** The addresses of its pages. */
	readonly form: "github" | "gitlab" | "bitbucket";
	/** The commit of the work tree, whose lines are shown; it may not be pushed yet. */
	readonly head: string;
}

const timeoutMs = 3000;

/** @returns undefined without a remote or a commit, and for a service whose pages are not known. @throws {GitFailed} */
export async function readWebRepository(git: Git, signal: AbortSignal): Promise<WebRepository | undefined> {
	const ask = async (args: readonly string[]) =>
		(await git.run(args, { signal, timeoutMs, accept: [1, 128] })).stdout.toString("utf8").trim();
	const [address, head] = await Promise.all([
		ask(["config", "--local", "--get", "remote.origin.url"]),
		ask(["rev-parse", "--verify", "--quiet", "HEAD"]),
	]);
	const place = webAddress(address);
	return place === undefined || !/^[0-9a-f]{40,64}$/.test(head) ? undefined : { ...place, head };
}

/**
 * @param address as git has it: `https://…`, `ssh://git@host/…`, or `git@host:owner/name.git`
 * @returns undefined for a path, or a host of no known service
 */
export function webAddress(address: string): Pick<WebRepository, "url" | "form"> | undefined {
	const [, host = "", path = ""] =
		/^(?:(?:https?|ssh|git):\/\/)?(?:[^@/\s]+@)?([\w.-]+)(?::\d+(?=\/))?[:/]\/*([\w.~/-]+?)(?:\.git)?\/?$/.exec(
			address,
		) ?? [];
	const form = formOf(host.toLowerCase());
	if (form === undefined || !path.includes("/") || path.split("/").includes("..")) return undefined;
	return { url: `https://${host.toLowerCase()}/${path}`, form };
}

function formOf(host: string): WebRepository["form"] | undefined {
	if (host === "github.com" || host.startsWith("github.")) return "github";
	if (host === "gitlab.com" || host.startsWith("gitlab.")) return "gitlab";
	return host === "bitbucket.org" ? "bitbucket" : undefined;
}

/** @param path below the repository's root */
export function lineAddress({ url, form, head }: WebRepository, path: string, line: number): string {
	const file = path.split("/").map(encodeURIComponent).join("/");
	switch (form) {
		case "github":
			return `${url}/blob/${head}/${file}#L${line}`;
		case "gitlab":
			return `${url}/-/blob/${head}/${file}#L${line}`;
		case "bitbucket":
			return `${url}/src/${head}/${file}#lines-${line}`;
	}
}

/** @param id the whole hash */
export function commitAddress({ url, form }: WebRepository, id: string): string {
	switch (form) {
		case "github":
			return `${url}/commit/${id}`;
		case "gitlab":
			return `${url}/-/commit/${id}`;
		case "bitbucket":
			return `${url}/commits/${id}`;
	}
}
