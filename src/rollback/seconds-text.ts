/** Seconds for people: `8 s`, `4 min 20 s`, `1 h 5 min`. */
export function secondsText(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0
    ? `${minutes / 60} h`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
