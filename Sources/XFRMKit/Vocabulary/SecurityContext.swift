internal import CNetlink

/// The label that a security module (SELinux) goes by: `struct xfrm_user_sec_ctx`.
///
/// Kernels without `CONFIG_SECURITY_NETWORK_XFRM` ignore it.
public struct SecurityContext: Hashable, Sendable {
  /// Whose label it is; 1 is SELinux. (`XFRM_SC_ALG_…`)
  public var algorithm = UInt8(XFRM_SC_ALG_SELINUX)
  /// The domain of interpretation; 1 is a Linux security module. (`XFRM_SC_DOI_…`)
  public var domain = UInt8(XFRM_SC_DOI_LSM)
  /// The label as the module writes it.
  public var label: [UInt8]

  /// A label of SELinux, as text.
  public init(label: String) { self.init(label: Array(label.utf8)) }
  /// A label of SELinux, as it is stored.
  public init(label: [UInt8]) { self.label = label }
}

extension SecurityContext: CustomStringConvertible {
  /// The label; bytes that are no text become U+FFFD.
  public var description: String { String(decoding: label, as: UTF8.self) }
}

// MARK: - Wire

/// `struct xfrm_user_sec_ctx`; the label follows.
struct SecurityContextWire: WireStruct {
  static var size: Int { 8 }
  var length: UInt16 = 0
  /// The number of the attribute once more.
  var extensionType = AttributeType.securityContext
  var algorithm: UInt8 = 0
  var domain: UInt8 = 0
  var labelLength: UInt16 = 0

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("len", &length)
    try wire.field("exttype", &extensionType)
    try wire.field("ctx_alg", &algorithm)
    try wire.field("ctx_doi", &domain)
    try wire.field("ctx_len", &labelLength)
  }
}

extension SecurityContext {
  /// Reads an attribute's payload; `nil` if there is more to it than is known here.
  init?(from reader: inout ByteReader) throws(MalformedMessage) {
    let wire: SecurityContextWire = try reader.read()
    let count = Int(wire.labelLength)
    guard reader.remaining >= count else {
      throw .truncated(at: reader.position, needed: count, available: reader.remaining)
    }
    guard reader.remaining == count, Int(wire.length) == SecurityContextWire.size + count,
      wire.extensionType == .securityContext
    else { return nil }
    self.init(label: reader.readRest())
    algorithm = wire.algorithm
    domain = wire.domain
  }

  func encode(into message: inout MessageBuilder) {
    var wire = SecurityContextWire()
    wire.length = UInt16(truncatingIfNeeded: SecurityContextWire.size + label.count)
    wire.algorithm = algorithm
    wire.domain = domain
    wire.labelLength = UInt16(truncatingIfNeeded: label.count)
    message.append(.securityContext) { message in
      message.append(wire)
      message.append(label.span)
    }
  }
}
