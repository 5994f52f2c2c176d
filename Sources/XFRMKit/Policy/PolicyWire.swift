/// `struct xfrm_userpolicy_info`
struct PolicyWire: WireStruct {
  static var size: Int { 168 }
  var selector = SelectorWire()
  var lifetime = Lifetime()
  var usage = Usage()
  var priority: UInt32 = 0
  var index: UInt32 = 0
  var direction = Policy.Direction.incoming
  var action = Policy.Action.allow
  var flags: Policy.Flags = []
  var share: UInt8 = 0

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("sel", &selector)
    try wire.structure("lft", &lifetime)
    try wire.structure("curlft", &usage)
    try wire.field("priority", &priority)
    try wire.field("index", &index)
    try wire.field("dir", &direction)
    try wire.field("action", &action)
    try wire.field("flags", &flags)
    try wire.field("share", &share)
    try wire.padding(4)
  }
}

/// `struct xfrm_userpolicy_id`
struct PolicyKeyWire: WireStruct {
  static var size: Int { 64 }
  var selector = SelectorWire()
  var index: UInt32 = 0
  var direction = Policy.Direction.incoming

  init() {}

  init(_ key: PolicyKey) {
    selector = SelectorWire(key.selector)
    index = key.index
    direction = key.direction
  }

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("sel", &selector)
    try wire.field("index", &index)
    try wire.field("dir", &direction)
    try wire.padding(3)
  }
}

/// `struct xfrm_userpolicy_type`
struct PolicyKindWire: WireStruct {
  static var size: Int { 6 }
  var kind = Policy.Kind.main
  var reserved1: UInt16 = 0
  var reserved2: UInt8 = 0

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("type", &kind)
    try wire.padding(1)
    try wire.field("reserved1", &reserved1)
    try wire.field("reserved2", &reserved2)
    try wire.padding(1)
  }
}

/// `struct xfrm_user_tmpl`
struct TemplateWire: WireStruct {
  static var size: Int { 64 }
  var identity = IdentityWire()
  var family = AddressFamily.unspecified
  var saddr = AddressWire()
  var requestID: UInt32 = 0
  var mode = Mode.transport
  var share: UInt8 = 0
  var optional: UInt8 = 0
  var algorithms = Template.AlgorithmMasks()

  init() {}

  init(_ template: Template) {
    identity.daddr = AddressWire(template.destination)
    identity.spi = template.spi
    identity.proto = template.proto
    family = template.family
    saddr = AddressWire(template.source)
    requestID = template.requestID
    mode = template.mode
    share = template.share
    optional = template.optional
    algorithms = template.algorithms
  }

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("id", &identity)
    try wire.field("family", &family)
    try wire.padding(2)
    try wire.structure("saddr", &saddr)
    try wire.field("reqid", &requestID)
    try wire.field("mode", &mode)
    try wire.field("share", &share)
    try wire.field("optional", &optional)
    try wire.padding(1)
    try wire.field("aalgos", &algorithms.authentication)
    try wire.field("ealgos", &algorithms.encryption)
    try wire.field("calgos", &algorithms.compression)
  }

  /// - Parameter assumed: The policy's family, which a template without one has.
  func template(assuming assumed: AddressFamily) -> Template {
    let reading = family == .unspecified ? assumed : family
    var template = Template(
      from: saddr.address(reading), to: identity.daddr.address(reading), proto: identity.proto,
      mode: mode, requestID: requestID)
    template.family = family
    template.spi = identity.spi
    template.optional = optional
    template.share = share
    template.algorithms = algorithms
    return template
  }
}
