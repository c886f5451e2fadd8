// What other modules may know of users.
export { foldUsername, toSessionUser, type UserDocument } from './document.ts';
export { createUsers, type NewPassword, type Users } from './users.ts';
