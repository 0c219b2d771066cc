/** What a browser has and jsdom lacks. Nothing is laid out here. */
class Observer {
	observe() {}
	unobserve() {}
	disconnect() {}
	takeRecords() {
		return [];
	}
}

Object.assign( window, {
	ResizeObserver: Observer,
	IntersectionObserver: Observer,
	scrollTo: () => {},
} );
Element.prototype.scrollIntoView = () => {};
