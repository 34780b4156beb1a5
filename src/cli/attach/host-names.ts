// The names of the hosts, apart from what else is known of them, so that reading the command line stays light.

export const hostNames = ["claude", "claude-desktop", "vscode", "cursor"] as const;
export type HostName = (typeof hostNames)[number];
