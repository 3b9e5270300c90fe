/** Logins of this form with these passwords stand in documents: RFC 7617 section 2 has the first. */
const documented = new Set([
  'Aladdin:open sesame',
  'username:password',
  'user:pass',
  'user:password',
]);

/** Whether base64 text is `user:password` (RFC 7617 section 2), both of them printable and there. */
export function isUserAndPassword(base64: string): boolean {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return /^[\x20-\x39\x3b-\x7e]{1,200}:[\x20-\x7e]{2,1500}$/.test(text) && !documented.has(text);
}
