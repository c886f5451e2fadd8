// Owns the word by which a primary tells a worker to end.
export const STOP_MESSAGE = 'crs:stop';
