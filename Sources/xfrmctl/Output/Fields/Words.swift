import XFRMKit

// The words of the output: lasting, so not those that people read, which may change.

extension IPProtocol: Worded {
  var word: Scalar {
    switch self {
    case .any: .word("any")
    case .icmp: .word("icmp")
    case .tcp: .word("tcp")
    case .udp: .word("udp")
    case .icmpv6: .word("icmpv6")
    case .esp: .word("esp")
    case .ah: .word("ah")
    case .ipComp: .word("ipcomp")
    case .gre: .word("gre")
    case .mobilityHeader: .word("mobility-header")
    case Self(rawValue: 43): .word("routing")
    case Self(rawValue: 60): .word("destination-options")
    default: .raw(UInt64(rawValue))
    }
  }
}

extension Mode: Worded {
  var word: Scalar {
    switch self {
    case .transport: .word("transport")
    case .tunnel: .word("tunnel")
    case .routeOptimization: .word("route-optimization")
    case .inTrigger: .word("in-trigger")
    case .beet: .word("beet")
    case .iptfs: .word("iptfs")
    default: .raw(UInt64(rawValue))
    }
  }
}

extension AddressFamily: Worded {
  var word: Scalar {
    switch self {
    case .unspecified: .word("unspecified")
    case .ipv4: .word("ipv4")
    case .ipv6: .word("ipv6")
    default: .raw(UInt64(rawValue))
    }
  }
}

extension SecurityAssociation.Direction: Worded {
  var word: Scalar {
    switch self {
    case .incoming: .word("in")
    case .outgoing: .word("out")
    default: .raw(UInt64(rawValue))
    }
  }
}

extension Encapsulation.Kind: Worded {
  var word: Scalar {
    switch self {
    case .espInUDP: .word("esp-in-udp")
    case .espInTCP: .word("esp-in-tcp")
    default: .raw(UInt64(rawValue))
    }
  }
}

extension Policy.Direction: Worded {
  var word: Scalar {
    switch self {
    case .incoming: .word("in")
    case .outgoing: .word("out")
    case .forwarded: .word("fwd")
    case Self(rawValue: 3): .word("socket-in")
    case Self(rawValue: 4): .word("socket-out")
    case Self(rawValue: 5): .word("socket-fwd")
    default: .raw(UInt64(rawValue))
    }
  }
}

extension Policy.Action: Worded {
  var word: Scalar {
    switch self {
    case .allow: .word("allow")
    case .block: .word("block")
    default: .raw(UInt64(rawValue))
    }
  }
}

extension Policy.Kind: Worded {
  var word: Scalar {
    switch self {
    case .main: .word("main")
    case .sub: .word("sub")
    default: .raw(UInt64(rawValue))
    }
  }
}

extension DefaultActions.Action: Worded {
  var word: Scalar {
    switch self {
    case .unchanged: .word("unchanged")
    case .block: .word("block")
    case .accept: .word("accept")
    default: .raw(UInt64(rawValue))
    }
  }
}

/// `XFRM_SHARE_…`, which nothing goes by.
struct Share: Worded {
  var rawValue: UInt8

  var word: Scalar {
    switch rawValue {
    case 0: .word("any")
    case 1: .word("session")
    case 2: .word("user")
    case 3: .word("unique")
    default: .raw(UInt64(rawValue))
    }
  }
}
