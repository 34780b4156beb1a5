// Which files are never shown or changed: they hold secrets, or decide what a host runs.

/**
 * Files that are never shown and never changed, even when the repository tracks them: they hold secrets, or they
 * decide what a host runs.
 */
const secretNames: readonly RegExp[] = [
	// `.env`, `.env.local`, `.env-prod`, `prod.env`; not `.environment.ts`.
	/^\.env(?![a-z])|\.env$/i,
	/^\.(envrc|flaskenv|dev\.vars|npmrc|pypirc|netrc|pgpass|git-credentials|gitconfig|htpasswd|boto|s3cfg|my\.cnf|mylogin\.cnf|dockercfg|vault-token|terraformrc|yarnrc|yarnrc\.yml)$/i,
	/^_netrc$/i,
	/^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/i,
	/\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|p8|gpg|tfvars|tfstate)$/i,
	/\.tfvars\.json$/i,
	/^service-account.*\.json$/i,
	/^(credentials|secrets?)(\.(json|ya?ml|toml|enc|yml\.enc))?$/i,
	/^kubeconfig(\..*)?$/i,
	/^\.mcp\.json$/i,
	/^\.claude\.json$/i,
	/^(claude_desktop_config|mcp_config|cline_mcp_settings)\.json$/i,
	/^opencode\.jsonc?$/i,
];

/** Folders of hosts' and tools' configuration, which may contain keys. */
const secretFolders = new Set([
	".aws",
	".azure",
	".claude",
	".cline",
	".codeium",
	".codex",
	".continue",
	".cursor",
	".docker",
	".gcloud",
	".gemini",
	".gnupg",
	".kube",
	".roo",
	".ssh",
	".windsurf",
]);

/** A work tree that a host has made for an agent is a repository like any other. */
const worktree = /^(?:.*\/)?\.claude\/worktrees\/[^/]+\//;

/** Hosts that keep their servers' keys beside harmless settings. */
const secretPaths = /(^|\/)\.(vscode|zed|idea)\/(mcp|settings)\.json$/i;

/** Templates without values count as documentation. */
const harmless = /^(\.env\.(example|sample|template|dist)|(example|sample|template)\.env)$/i;

/** Whether a file's content stays hidden. @param path below the repository's root, with `/` between its parts */
export function isHiddenFile(path: string): boolean {
	const parts = path.replace(worktree, "").split("/");
	const name = parts.pop() ?? "";
	if (parts.some((part) => secretFolders.has(part.toLowerCase()))) return true;
	if (secretPaths.test(path)) return true;
	return !harmless.test(name) && secretNames.some((pattern) => pattern.test(name));
}
