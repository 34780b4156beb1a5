/**
 * Files that are never shown and never changed, even when the repository tracks them: they hold secrets, or they
 * decide what a host runs.
 */
const secretNames: readonly RegExp[] = [
	/^\.env(\..*)?$/i,
	/^\.envrc$/i,
	/^\.npmrc$/i,
	/^\.yarnrc(\.yml)?$/i,
	/^\.pypirc$/i,
	/^\.netrc$/i,
	/^_netrc$/i,
	/^\.pgpass$/i,
	/^\.git-credentials$/i,
	/^\.htpasswd$/i,
	/^id_(rsa|dsa|ecdsa|ed25519)$/i,
	/\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/i,
	/^service-account.*\.json$/i,
	/^credentials(\.json)?$/i,
	/^\.mcp\.json$/i,
	/^claude_desktop_config\.json$/i,
];

/** Folders of hosts' and tools' own configuration, where keys stand. */
const secretFolders = new Set([".claude", ".cursor", ".aws", ".ssh", ".gnupg", ".docker", ".kube"]);

/** Templates without values are as good as documentation. */
const harmless = /^\.env\.(example|sample|template|dist)$/i;

/** Whether a file's content stays hidden. @param path below the repository's root, with `/` between its parts */
export function isHiddenFile(path: string): boolean {
	const parts = path.split("/");
	const name = parts.pop() ?? "";
	if (parts.some((part) => secretFolders.has(part.toLowerCase()))) return true;
	return !harmless.test(name) && secretNames.some((pattern) => pattern.test(name));
}
