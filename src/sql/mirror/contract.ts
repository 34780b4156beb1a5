// What Skillomatic's contract says of its tables: which columns hold secrets and personal data, which are harmless.

/** The tables that Skillomatic's API lists, in its order. No other table of its database is for agents. */
export const contractTables = columns(
	"users organizations organization_invites api_keys skills integrations skill_usage_logs scrape_tasks skill_proposals error_events system_settings roles permissions role_permissions user_roles role_skills sessions",
);

/** Columns that hold secrets or personal data. */
export const withheldColumns: Readonly<Record<string, Readonly<Record<string, "secret" | "personal">>>> = {
	users: {
		password_hash: "secret",
		stripe_customer_id: "secret",
		email: "personal",
		name: "personal",
		avatar_url: "personal",
	},
	organizations: { llm_api_key: "secret" },
	api_keys: { key: "secret" },
	organization_invites: { token: "secret", email: "personal" },
	sessions: { id: "secret" },
	system_settings: { value: "secret" },
	integrations: { metadata: "secret", nango_connection_id: "secret" },
	skills: { share_code: "secret" },
	scrape_tasks: { url: "personal", result: "personal" },
};

/**
 * The tables where people and secrets are, and all other columns that Skillomatic's server tells of them
 * (test/recordings/schema-*.json). A column that a deployment adds to one of these may hold anything.
 */
export const harmlessColumns: Readonly<Record<string, readonly string[]>> = {
	users: columns(
		"id is_admin is_super_admin organization_id onboarding_step account_type_selected has_confirmed_pay_intention tier hidden_skills last_extension_poll_at created_at updated_at",
	),
	organizations: columns(
		"id name slug description logo_url llm_provider llm_model ats_provider ats_base_url web_ui_enabled desktop_enabled integration_permissions disabled_skills allowed_domains created_at updated_at",
	),
	organization_invites: columns("id organization_id role invited_by expires_at accepted_at created_at"),
	api_keys: columns("id user_id organization_id name last_used_at revoked_at created_at"),
	integrations: columns("id provider user_id organization_id status last_sync_at created_at updated_at"),
	sessions: columns("user_id expires_at created_at"),
	system_settings: columns("key is_secret updated_at updated_by"),
	scrape_tasks: columns(
		"id user_id api_key_id organization_id url_hash status error_message created_at claimed_at completed_at expires_at",
	),
};

function columns(names: string): readonly string[] {
	return names.split(" ");
}
