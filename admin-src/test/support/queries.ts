import { configure } from '@testing-library/react';

// What is said to screen readers stands in the document a moment after it was shown: a test that looks for a text
// means the one that is seen.
configure( { defaultIgnore: 'script, style, .a11y-speak-region' } );
