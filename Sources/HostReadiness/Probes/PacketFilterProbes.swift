internal import Netlink
internal import XFRMKit

extension KernelProbe {
  /// Asks for matches and targets of `iptables`, whichever form of it the kernel has.
  static func extensions(_ needs: [FilterNeed]) -> KernelProbe {
    KernelProbe { session in
      var missing: [String] = []
      var found: [String] = []
      for need in needs where need.family == .ipv4 || session.speaksIPv6 {
        do throws(XFRMError) {
          if try session.has(need) {
            found.append(need.item.name)
          } else {
            missing.append(need.item.name)
          }
        } catch {
          return .refused(error)
        }
      }
      let request = "look for \((found + missing).asList) of iptables"
      return missing.isEmpty
        ? .works(request)
        : .different(request: request, difference: missing.joined(separator: ", "))
    }
  }

  /// Makes a rule of nf_tables and takes it away again in the same transaction.
  static func rule(_ expression: FilterExpression, in kind: FilterChainKind) -> KernelProbe {
    KernelProbe { $0.tryRule(expression, in: kind) }
  }

  /// The source address of other hosts' packets is changed by `iptables` or, if not, by nf_tables.
  static let masquerade = KernelProbe { session in
    let need = FilterNeed.masquerade
    let failure: XFRMError
    do throws(XFRMError) {
      if try session.has(need) { return .works("look for \(need.item) of iptables") }
      failure = XFRMError(
        "look for \(need.item) of iptables", .refused(KernelRefusal(errno: .noSuchFile)))
    } catch {
      failure = error
    }
    let outcome = session.tryRule(.masquerade, in: .sourceNAT)
    guard case .works(let request) = outcome else { return .refused(failure) }
    return .different(request: request, difference: "no target MASQUERADE for iptables")
  }

  /// Asks for the tables of the packet filter that `iptables-legacy` sets up.
  static let legacyTables = KernelProbe { session in
    var missing: [String] = []
    var request = ""
    for table in LegacyTable.all where table.family == .ipv4 || session.speaksIPv6 {
      request = "look for the table \(table)"
      do throws(NetlinkError) {
        if try !session.has(table) { missing.append("\(table)") }
      } catch {
        return .refused(XFRMError(request, error))
      }
    }
    request = "look for the tables filter, nat and mangle of ip_tables and ip6_tables"
    return missing.isEmpty
      ? .works(request)
      : .different(request: request, difference: missing.joined(separator: ", "))
  }
}

extension ProbeSession {
  /// Whether asking about IPv6 loads nothing: its module would give the host's interfaces addresses.
  fileprivate var speaksIPv6: Bool { FileTree(root: "/").exists("/proc/net/if_inet6") }

  /// Whether the kernel knows a match or a target.
  fileprivate func has(_ need: FilterNeed) throws(XFRMError) -> Bool {
    do throws(NetlinkError) {
      do throws(NetlinkError) {
        return try LegacyFilter(need.family, in: namespace).knows(need.item)
      } catch  where error.errno == .noProtocolOption {
        // Without ip_tables, or while it is not loaded, there is what translates to nf_tables.
        var filter = try NetfilterConnection(in: namespace)
        return try filter.knows(need.item, for: need.family)
      }
    } catch {
      throw XFRMError("look for \(need.item) of iptables", error)
    }
  }

  fileprivate func tryRule(
    _ expression: FilterExpression, in kind: FilterChainKind
  ) -> ProbeOutcome {
    ProbeOutcome("add a rule with “\(expression.words)” to nf_tables") { () throws(XFRMError) in
      do throws(NetlinkError) {
        var filter = try NetfilterConnection(in: namespace)
        try filter.tryRule([expression], in: kind, of: .ipv4)
      } catch {
        throw XFRMError("add a rule with “\(expression.words)” to nf_tables", error)
      }
    }
  }

  fileprivate func has(_ table: LegacyTable) throws(NetlinkError) -> Bool {
    let filter = LegacyFilter(table.family, in: namespace)
    do throws(NetlinkError) {
      do throws(NetlinkError) {
        _ = try filter.entryCount(ofTable: table.name)
      } catch  where error.errno == .noProtocolOption {
        loadLegacyFilter(table.family)
        _ = try filter.entryCount(ofTable: table.name)
      }
      return true
    } catch  where error.errno == .noSuchFile {
      return false
    }
  }

  /// Has the kernel load ip_tables, which it does for none of its own requests. Up to 6.2 that is
  /// where the match for ICMP is.
  private func loadLegacyFilter(_ family: AddressFamily) {
    let match = FilterExtension.match(family == .ipv6 ? "icmp6" : "icmp")
    // What comes of it shows when the table is asked for again.
    guard var filter = try? NetfilterConnection(in: namespace) else { return }
    _ = try? filter.knows(match, for: family)
  }
}

extension FilterExpression {
  /// How `nft` writes it.
  fileprivate var words: String {
    switch self {
    case .requestID: "ipsec in reqid"
    case .masquerade: "masquerade"
    case .outgoingInterface: "oif"
    case .equals(let number): "\(number)"
    case .unknown(let name): name
    }
  }
}

extension NetlinkError {
  /// The error number, where one was given.
  var errno: SystemErrno? {
    switch self {
    case .refused(let refusal): refusal.errno
    case .system(_, let errno): errno
    default: nil
    }
  }
}
