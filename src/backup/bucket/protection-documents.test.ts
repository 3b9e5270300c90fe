import { expect, it } from 'vitest';
import { encryptionChoice, isLocked, lockDocument } from './protection-documents.ts';

const whole =
  '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>';

it('writes a lock that servers write in several forms in one', () => {
  const other = `<?xml version="1.0"?>
    <ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><DefaultRetention>
    <Days>30</Days><Mode>COMPLIANCE</Mode></DefaultRetention></Rule>
    <ObjectLockEnabled> Enabled </ObjectLockEnabled></ObjectLockConfiguration>`;
  expect(lockDocument(other)).toBe(whole);
  expect(lockDocument(whole)).toBe(whole);
  const bare = '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>';
  expect(lockDocument(`${bare}<Rule></Rule></ObjectLockConfiguration>`)).toBe(
    `${bare}</ObjectLockConfiguration>`,
  );
  expect([whole, other, bare, '<ObjectLockConfiguration/>', null].map(isLocked)).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
});

it('compares of an encryption what was chosen', () => {
  const rule = (inner: string) =>
    `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>${inner}</Rule></ServerSideEncryptionConfiguration>`;
  const end = '</ApplyServerSideEncryptionByDefault>';
  const plain = encryptionChoice(rule(`<SSEAlgorithm>AES256</SSEAlgorithm>${end}`));
  expect(plain).toBe('AES256');
  const told = `<SSEAlgorithm>AES256</SSEAlgorithm>${end}<BucketKeyEnabled>false</BucketKeyEnabled>`;
  expect(encryptionChoice(rule(told))).toBe(plain);
  const kms = `<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>k1</KMSMasterKeyID>${end}`;
  expect(encryptionChoice(rule(kms))).toBe('aws:kms k1');
});
