import { expect, test } from 'vitest';
import { chosenFilters, formatListState, isFiltered, param, parseListState } from './url-state';

const definition = {
  sortable: ['name', 'createdAt'],
  defaultSort: '-createdAt',
  filters: { status: param.choice(['active', 'disabled']), tag: param.text(10) },
  hiddenColumns: ['note'],
} as const;

const parse = (query: string) => parseListState(definition, new URLSearchParams(query));

test('an empty address is all defaults, and defaults write an empty address', () => {
  const state = parse('');
  expect(state).toEqual({
    page: 1,
    pageSize: 20,
    sort: '-createdAt',
    search: '',
    filters: { status: '', tag: '' },
    hiddenColumns: ['note'],
  });
  expect(formatListState(definition, state).toString()).toBe('');
});

test('what an address says comes back the same', () => {
  const query = 'search=a+b&status=active&tag=x&sort=name&hide=note.tags&pageSize=50&page=3';
  expect(formatListState(definition, parse(query)).toString()).toBe(query);
});

test('showing every column is a choice of its own, apart from the default', () => {
  const state = { ...parse(''), hiddenColumns: [] };
  expect(parse(formatListState(definition, state).toString()).hiddenColumns).toEqual([]);
});

test.each(['page=0', 'page=-1', 'page=1e3', 'page=x', 'pageSize=7', 'sort=secret', 'status=gone'])(
  'an address with %s falls back to the default',
  (query) => {
    expect(parse(query)).toEqual(parse(''));
  },
);

test('parameters of others on the page are kept', () => {
  const present = new URLSearchParams('id=key_1&page=4');
  expect(formatListState(definition, parse(''), present).toString()).toBe('id=key_1');
});

test('only a search or a filter narrows a list', () => {
  expect(isFiltered(definition, parse('page=2&sort=name'))).toBe(false);
  expect(isFiltered(definition, parse('search=a'))).toBe(true);
  expect(isFiltered(definition, parse('status=active'))).toBe(true);
});

test('a query gets only the filters that were chosen', () => {
  expect(chosenFilters(parse('status=active'))).toEqual({ status: 'active' });
});
