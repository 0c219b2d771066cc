/**
 * The editor's side of the block "Only for tag" (`plugin/src/Access/Block.php`).
 *
 * The editor is WordPress's own React and components: they are taken from there
 * (`window.wp`) and not bundled, whatever the page of the plugin does.
 */
import { __ } from '@wordpress/i18n';

interface Attributes {
	tags: string[];
	match: 'any' | 'all';
	not: boolean;
}

interface EditProps {
	attributes: Attributes;
	setAttributes: ( changes: Partial< Attributes > ) => void;
}

type Component = string | ( ( props: never ) => unknown ) | object;

/** What of WordPress's scripts is used here. */
interface Editor {
	blocks: {
		registerBlockType: (
			name: string,
			settings: {
				icon: string;
				edit: ( props: EditProps ) => unknown;
				save: () => unknown;
			}
		) => void;
	};
	blockEditor: {
		InnerBlocks: { Content: Component };
		InspectorControls: Component;
		useBlockProps: ( props: object ) => object;
		useInnerBlocksProps: ( props: object ) => object;
	};
	components: {
		FormTokenField: Component;
		PanelBody: Component;
		SelectControl: Component;
		ToggleControl: Component;
	};
	element: {
		createElement: (
			type: Component,
			props?: object | null,
			...children: unknown[]
		) => unknown;
		Fragment: Component;
	};
}

const { blocks, blockEditor, components, element } = (
	window as unknown as { wp: Editor }
 ).wp;
const { createElement: el, Fragment } = element;

/** A tag as the plugin keeps it (`Tags\Tag`), or '' for a text that can't be one. */
export function clean( text: string ): string {
	const tag = text
		.toLowerCase()
		.replace( /<[^>]*>/g, '' )
		.replace( /[\s,]+/g, ' ' )
		.trim();
	return [ ...tag ].length > 64 ? '' : tag;
}

/** The line above the content, so that its author sees for whom it is. */
function summary( { tags, match, not }: Attributes ): string {
	const names = tags.join( ', ' );
	if ( ! names ) {
		return __(
			'Nobody sees this yet: choose a tag in the block’s settings.',
			'tandem-user-sync'
		);
	}
	if ( not ) {
		return match === 'all'
			? __(
					'For people who lack at least one of the tags:',
					'tandem-user-sync'
				) + ` ${ names }`
			: __( 'For people without the tag:', 'tandem-user-sync' ) +
					` ${ names }`;
	}
	return match === 'all'
		? __( 'For people with all of the tags:', 'tandem-user-sync' ) +
				` ${ names }`
		: __( 'For people with the tag:', 'tandem-user-sync' ) + ` ${ names }`;
}

function Settings( { attributes, setAttributes }: EditProps ) {
	const { FormTokenField, PanelBody, SelectControl, ToggleControl } =
		components;
	return el(
		blockEditor.InspectorControls,
		null,
		el(
			PanelBody,
			{ title: __( 'Who sees it', 'tandem-user-sync' ) },
			el(
				'div',
				{ style: { marginBottom: '16px' } },
				el( FormTokenField, {
					label: __( 'Tags', 'tandem-user-sync' ),
					value: attributes.tags,
					onChange: ( tags: ( string | { value: string } )[] ) =>
						setAttributes( {
							tags: [
								...new Set(
									tags
										.map( ( tag ) =>
											clean(
												typeof tag === 'string'
													? tag
													: tag.value
											)
										)
										.filter( Boolean )
								),
							],
						} ),
					__next40pxDefaultSize: true,
					__nextHasNoMarginBottom: true,
				} )
			),
			el( SelectControl, {
				label: __( 'Which of them are needed', 'tandem-user-sync' ),
				value: attributes.match,
				options: [
					{
						value: 'any',
						label: __( 'One is enough', 'tandem-user-sync' ),
					},
					{ value: 'all', label: __( 'All', 'tandem-user-sync' ) },
				],
				onChange: ( match: Attributes[ 'match' ] ) =>
					setAttributes( { match } ),
				__next40pxDefaultSize: true,
				__nextHasNoMarginBottom: true,
			} ),
			el( ToggleControl, {
				label: __(
					'Turn it round: for everybody else',
					'tandem-user-sync'
				),
				help: __(
					'Whoever is not logged in has no tags.',
					'tandem-user-sync'
				),
				checked: attributes.not,
				onChange: ( not: boolean ) => setAttributes( { not } ),
				__nextHasNoMarginBottom: true,
			} )
		)
	);
}

function Edit( props: EditProps ) {
	const block = blockEditor.useBlockProps( {
		style: {
			border: '1px dashed currentColor',
			padding: '8px 12px',
		},
	} );
	const inner = blockEditor.useInnerBlocksProps( {} );
	return el(
		Fragment,
		null,
		el( Settings, props ),
		el(
			'div',
			block,
			el(
				'p',
				{
					style: {
						fontFamily: 'sans-serif',
						fontSize: '13px',
						margin: '0 0 8px',
						opacity: 0.8,
					},
				},
				summary( props.attributes )
			),
			el( 'div', inner )
		)
	);
}

// What it is called and what it keeps is registered in PHP.
blocks.registerBlockType( 'tandem/only-for', {
	icon: 'tag',
	edit: Edit,
	save: () => el( blockEditor.InnerBlocks.Content ),
} );
