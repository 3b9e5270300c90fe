export const hex = '0123456789abcdef';
export const digits = '123456789';
export const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const ageAlphabet = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';
