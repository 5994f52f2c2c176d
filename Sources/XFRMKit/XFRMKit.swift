// Addresses, secrets, namespaces and netlink errors are part of this library's vocabulary, so that
// its users need one import.
@_exported public import Netlink
