internal import CNetlink

/// A request to one of netfilter's subsystems.
struct NetfilterRequest: NetlinkRequest {
  var messageType: MessageType
  var messageFlags: MessageFlags = []
  var info: NetfilterInfo
  var attributes: @Sendable (inout MessageBuilder) -> Void = { _ in }

  func encode(into message: inout MessageBuilder) {
    message.append(info)
    attributes(&message)
  }
}

// MARK: - nf_tables

extension NetfilterRequest {
  /// `NFNL_MSG_BATCH_BEGIN`: what follows is done all at once, or not at all.
  static var begin: Self {
    Self(
      messageType: MessageType(rawValue: UInt16(NLMSG_MIN_TYPE)),
      info: NetfilterInfo(resource: UInt16(NFNL_SUBSYS_NFTABLES)))
  }

  /// `NFNL_MSG_BATCH_END`
  static var end: Self {
    Self(
      messageType: MessageType(rawValue: UInt16(NLMSG_MIN_TYPE) + 1),
      info: NetfilterInfo(resource: UInt16(NFNL_SUBSYS_NFTABLES)))
  }

  /// `NFT_MSG_NEWTABLE`
  static func add(_ table: FilterTable) -> Self {
    Self(
      messageType: .tables(NFT_MSG_NEWTABLE), messageFlags: [.create, .exclusive],
      info: NetfilterInfo(table.family)
    ) { $0.append(.tableName) { $0.append(table.name) } }
  }

  /// `NFT_MSG_DELTABLE`, with everything in it.
  static func delete(_ table: FilterTable) -> Self {
    Self(messageType: .tables(NFT_MSG_DELTABLE), info: NetfilterInfo(table.family)) {
      $0.append(.tableName) { $0.append(table.name) }
    }
  }

  /// `NFT_MSG_NEWCHAIN`
  static func add(chain: String, _ kind: FilterChainKind, to table: FilterTable) -> Self {
    Self(
      messageType: .tables(NFT_MSG_NEWCHAIN), messageFlags: [.create, .exclusive],
      info: NetfilterInfo(table.family)
    ) { message in
      message.append(.chainTable) { $0.append(table.name) }
      message.append(.chainName) { $0.append(chain) }
      guard case .sourceNAT = kind else { return }
      message.append(.chainType) { $0.append("nat") }
      message.append(.chainHook, nested: true) { hook in
        hook.append(.hookNumber) { $0.append(bigEndian: FilterChainKind.postrouting) }
        hook.append(.hookPriority) { $0.append(bigEndian: FilterChainKind.sourceNATPriority) }
      }
    }
  }

  /// `NFT_MSG_NEWRULE`
  static func add(
    rule expressions: [FilterExpression], to chain: String, of table: FilterTable
  ) -> Self {
    Self(
      messageType: .tables(NFT_MSG_NEWRULE), messageFlags: .create,
      info: NetfilterInfo(table.family)
    ) { message in
      message.append(.ruleTable) { $0.append(table.name) }
      message.append(.ruleChain) { $0.append(chain) }
      message.append(.ruleExpressions, nested: true) { list in
        for expression in expressions {
          list.append(.listElement, nested: true) { element in
            element.append(.expressionName) { $0.append(expression.name) }
            element.append(.expressionData, nested: true) { expression.encode(into: &$0) }
          }
        }
      }
    }
  }

  /// `NFT_MSG_GETRULE` for the rules of all tables.
  static var rules: Self {
    Self(messageType: .tables(NFT_MSG_GETRULE), info: NetfilterInfo(.unspecified))
  }
}

// MARK: - nft_compat

extension NetfilterRequest {
  /// `NFNL_MSG_COMPAT_GET`: whether there is revision 0 of an extension of `iptables`.
  static func revision(of asked: FilterExtension, for family: AddressFamily) -> Self {
    Self(
      messageType: MessageType(
        rawValue: UInt16(NFNL_SUBSYS_NFT_COMPAT) << 8 | UInt16(NFNL_MSG_COMPAT_GET)),
      info: NetfilterInfo(family)
    ) { message in
      message.append(.compatName) { $0.append(asked.name) }
      message.append(.compatRevision) { $0.append(bigEndian: UInt32(0)) }
      message.append(.compatType) { $0.append(bigEndian: UInt32(asked.isTarget ? 1 : 0)) }
    }
  }
}

extension MessageType {
  /// A message of nf_tables: `NFT_MSG_…`
  fileprivate static func tables(_ message: nf_tables_msg_types) -> Self {
    Self(rawValue: UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(message.rawValue))
  }
}
