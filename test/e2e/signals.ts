/** Why a process can't be asked to end here: where there are no signals, `kill` ends it at once, whatever it is doing. */
export const withoutSignals = process.platform === 'win32' ? 'needs signals, this is win32' : undefined;
