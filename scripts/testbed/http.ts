/** Whether a server answers a GET with a good status; false while it does not answer at all. */
export async function answers(url: string, status?: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return status === undefined ? response.ok : response.status === status;
  } catch {
    return false;
  }
}
