/**
 * What the examples of rules show as a password, and nobody's. It is put together when it is used: written
 * out, the rules would find it in every image that holds deploycheck.
 */
export const examplePassword: string = ['mB7-wq2_', 'Zt9'].join('');
