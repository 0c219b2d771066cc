/**
 * The kinds of password that people use, and what is special about each.
 */
export interface PasswordKind {
	name: string;
	/** What the person types. */
	typed: ( salt: string ) => string;
	/** What WordPress then lets the person in with, where that is something else. */
	letsIn?: ( typed: string ) => string;
	/** Why it can't arrive at a plain site, where it can't. */
	refused?: string;
}

export const PASSWORD_KINDS: PasswordKind[] = [
	{ name: 'plain', typed: ( salt ) => `correct horse ${ salt }` },
	{ name: 'single quote', typed: ( salt ) => `O'Neil ${ salt }` },
	{ name: 'double quotes', typed: ( salt ) => `say "hi" ${ salt }` },
	{ name: 'spaces inside', typed: ( salt ) => `two  blanks   ${ salt }` },
	{
		name: 'spaces at the ends',
		typed: ( salt ) => `  ends ${ salt }  `,
		// wp_hash_password() trims, wp_check_password() does not: so it is on A too.
		letsIn: ( typed ) => typed.trim(),
	},
	{ name: 'UTF-8', typed: ( salt ) => `pässwörd 日本 🔑 ${ salt }` },
	{ name: '< > & %', typed: ( salt ) => `<b>&amp;%20%s ${ salt }` },
	{ name: '80 bytes', typed: ( salt ) => salt.padEnd( 80, 'x' ) },
	{ name: '4,096 bytes', typed: ( salt ) => salt.padEnd( 4096, 'y' ) },
	{
		name: 'backslash',
		typed: ( salt ) => `back\\slash ${ salt }`,
		refused: 'REST takes no backslash in a password',
	},
];
