// Owns what the list of groups keeps in its address.
export const groupListDefinition = {
  sortable: ['name', 'createdAt'],
  defaultSort: 'name',
  filters: {},
  hiddenColumns: ['createdAt'],
} as const;
