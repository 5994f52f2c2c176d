/// RFC 9061's model of IPsec without IKE, in the JSON of RFC 7951.
///
/// The model has no direction for SAs: here `local` is the end that sends, in the SAD as on the
/// wire. In the SPD it is this end, whichever way packets go. Guards are no part of it: they are
/// how this host sees to it that what is to be protected is.
public enum IKEless {
  /// The one member of a document.
  static let root = "ietf-i2nsf-ikeless:ipsec-ikeless"
}
