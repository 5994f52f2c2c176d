internal import CNetlink

/// `struct nfgenmsg`
struct NetfilterInfo: WireStruct {
  static let size = 4
  var family: UInt8 = 0
  var version: UInt8 = 0
  var resource: UInt16 = 0

  init() {}

  /// - Parameter resource: The subsystem whose transaction begins or ends.
  init(_ family: AddressFamily = .unspecified, resource: UInt16 = 0) {
    self.family = UInt8(truncatingIfNeeded: family.rawValue)
    self.resource = resource
  }

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("nfgen_family", &family)
    try wire.field("version", &version)
    try wire.bigEndian("res_id", &resource)
  }
}

extension FilterExpression {
  /// What the kernel calls its kind.
  var name: String {
    switch self {
    case .requestID: "xfrm"
    case .masquerade: "masq"
    case .outgoingInterface: "meta"
    case .equals: "cmp"
    case .unknown(let name): name
    }
  }

  /// Writes the attributes of `NFTA_EXPR_DATA`.
  func encode(into data: inout MessageBuilder) {
    switch self {
    case .requestID:
      data.append(.xfrmRegister) { $0.append(bigEndian: UInt32(NFT_REG_1.rawValue)) }
      data.append(.xfrmKey) { $0.append(bigEndian: UInt32(NFT_XFRM_KEY_REQID.rawValue)) }
      data.append(.xfrmDirection, UInt8(XFRM_POLICY_IN))
    case .outgoingInterface:
      data.append(.metaRegister) { $0.append(bigEndian: UInt32(NFT_REG_1.rawValue)) }
      data.append(.metaKey) { $0.append(bigEndian: UInt32(NFT_META_OIF.rawValue)) }
    case .equals(let number):
      data.append(.compareRegister) { $0.append(bigEndian: UInt32(NFT_REG_1.rawValue)) }
      data.append(.compareOperation) { $0.append(bigEndian: UInt32(NFT_CMP_EQ.rawValue)) }
      data.append(.compareData, nested: true) { $0.append(.dataValue, number) }
    case .masquerade, .unknown:
      break
    }
  }
}

extension AttributeType {
  static var tableName: Self { Self(rawValue: UInt16(NFTA_TABLE_NAME.rawValue)) }
  static var chainTable: Self { Self(rawValue: UInt16(NFTA_CHAIN_TABLE.rawValue)) }
  static var chainName: Self { Self(rawValue: UInt16(NFTA_CHAIN_NAME.rawValue)) }
  static var chainHook: Self { Self(rawValue: UInt16(NFTA_CHAIN_HOOK.rawValue)) }
  static var chainType: Self { Self(rawValue: UInt16(NFTA_CHAIN_TYPE.rawValue)) }
  static var hookNumber: Self { Self(rawValue: UInt16(NFTA_HOOK_HOOKNUM.rawValue)) }
  static var hookPriority: Self { Self(rawValue: UInt16(NFTA_HOOK_PRIORITY.rawValue)) }
  static var ruleTable: Self { Self(rawValue: UInt16(NFTA_RULE_TABLE.rawValue)) }
  static var ruleChain: Self { Self(rawValue: UInt16(NFTA_RULE_CHAIN.rawValue)) }
  static var ruleExpressions: Self { Self(rawValue: UInt16(NFTA_RULE_EXPRESSIONS.rawValue)) }
  static var listElement: Self { Self(rawValue: UInt16(NFTA_LIST_ELEM.rawValue)) }
  static var expressionName: Self { Self(rawValue: UInt16(NFTA_EXPR_NAME.rawValue)) }
  static var expressionData: Self { Self(rawValue: UInt16(NFTA_EXPR_DATA.rawValue)) }
  /// Of a match or a target alike: `NFTA_MATCH_NAME`.
  static var extensionName: Self { Self(rawValue: UInt16(NFTA_MATCH_NAME.rawValue)) }
  static var xfrmRegister: Self { Self(rawValue: UInt16(NFTA_XFRM_DREG.rawValue)) }
  static var xfrmKey: Self { Self(rawValue: UInt16(NFTA_XFRM_KEY.rawValue)) }
  static var xfrmDirection: Self { Self(rawValue: UInt16(NFTA_XFRM_DIR.rawValue)) }
  static var metaRegister: Self { Self(rawValue: UInt16(NFTA_META_DREG.rawValue)) }
  static var metaKey: Self { Self(rawValue: UInt16(NFTA_META_KEY.rawValue)) }
  static var compareRegister: Self { Self(rawValue: UInt16(NFTA_CMP_SREG.rawValue)) }
  static var compareOperation: Self { Self(rawValue: UInt16(NFTA_CMP_OP.rawValue)) }
  static var compareData: Self { Self(rawValue: UInt16(NFTA_CMP_DATA.rawValue)) }
  static var dataValue: Self { Self(rawValue: UInt16(NFTA_DATA_VALUE.rawValue)) }
  static var compatName: Self { Self(rawValue: UInt16(NFTA_COMPAT_NAME)) }
  static var compatRevision: Self { Self(rawValue: UInt16(NFTA_COMPAT_REV)) }
  static var compatType: Self { Self(rawValue: UInt16(NFTA_COMPAT_TYPE)) }
}
