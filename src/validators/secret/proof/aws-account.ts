const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Ids of before March 2019 have one of these behind the prefix, and no account in them. */
const withoutAccount = /^.{4}[IJ]/;

/**
 * The account that an access key id belongs to, in words: 40 of the first 48 bits behind the prefix,
 * base32 by RFC 4648 section 6. AWS itself names it to whoever asks `sts get-access-key-info`.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
 */
export function awsAccount(id: string): string | undefined {
  if (withoutAccount.test(id) || id.startsWith('A3T')) return undefined;
  let bits = 0n;
  // Ten digits are 50 bits; two of them are beyond the sixth byte.
  for (const digit of id.slice(4, 14)) bits = (bits << 5n) | BigInt(base32.indexOf(digit));
  const account = ((bits >> 2n) & 0x7fffffffff80n) >> 7n;
  return account < 1_000_000_000_000n
    ? `of account ${account.toString().padStart(12, '0')}`
    : undefined;
}
