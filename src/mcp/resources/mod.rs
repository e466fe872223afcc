//! Resources: what a client may read without a call, by `zava://` address. None is announced yet; one file each when
//! they come.
