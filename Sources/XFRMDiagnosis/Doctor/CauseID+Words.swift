extension CauseID {
  /// What is wrong, in one sentence.
  public var title: String { words.title }
  /// What to do about it.
  public var fix: String { words.fix }

  private var words: (title: String, fix: String) {
    switch self {
    case .interfaceDown, .noRoute, .noRouteToPeer, .disabledIPsec, .disabledPolicy,
      .forwardingOff, .reversePath, .interfaceID, .mtu, .masquerade, .noEncapsulationSocket,
      .mapping:
      surroundings
    case .noPolicies, .noOutgoingPolicy, .shadowed, .blockingPolicy, .blockingDefault,
      .noForwardingPolicy, .noIncomingPolicy, .tooManyTemplates:
      policies
    case .requestID, .mode, .templateAddress, .templateSPI, .mark, .interfaceIDMismatch,
      .selector, .direction, .awaited, .expired, .noAssociation:
      associations
    default: bothEnds
    }
  }

  private var surroundings: (title: String, fix: String) {
    switch self {
    case .interfaceDown:
      ("an interface that packets leave by is down", "bring it up: ip link set NAME up")
    case .noRoute:
      (
        "no route leads to what a policy protects, so that packets never get to it",
        "add a route to the network behind the tunnel, by any interface that leads outside"
      )
    case .noRouteToPeer: ("no route leads to the peer", "add a route to the peer's address")
    case .disabledIPsec:
      (
        "disable_xfrm is set: what leaves there is not encrypted",
        "set what was seen to 0, with sysctl -w"
      )
    case .disabledPolicy:
      (
        "disable_policy is set: what comes in there need not be encrypted",
        "set what was seen to 0, with sysctl -w"
      )
    case .forwardingOff:
      (
        "a policy protects a network behind this host, which forwards nothing",
        "sysctl -w net.ipv4.ip_forward=1, or net.ipv6.conf.all.forwarding=1"
      )
    case .reversePath:
      (
        "the reverse path filter drops packets whose way back is another interface",
        "set rp_filter of the interface, and of all, to 0 or 2, or mend the route back"
      )
    case .interfaceID:
      (
        "an interface ID is asked for that no xfrm interface has",
        "add the interface, or take the interface ID from policy and SA"
      )
    case .mtu:
      (
        "the two ends of the path have different MTUs, and long packets vanish",
        "give both interfaces the smaller MTU, or clamp the TCP segment size"
      )
    case .masquerade:
      (
        "source NAT changes packets before they are encrypted, and no policy fits any more",
        "leave out what goes into the tunnel: -m policy --dir out --pol none, or in nft rt ipsec missing"
      )
    case .noEncapsulationSocket:
      (
        "ESP in UDP comes to a port that nobody has open",
        "start the IKE daemon, or what else opens the port for ESP"
      )
    default:
      (
        "the peer sends from another address or port than its SA has: a NAT changed its mind",
        "move the SAs to the new address: MOBIKE, or update their encapsulation"
      )
    }
  }

  private var policies: (title: String, fix: String) {
    switch self {
    case .noPolicies:
      (
        "there are SAs, but no policy leads packets to them: all goes in clear",
        "add the policies, or let the IKE daemon do it"
      )
    case .noOutgoingPolicy:
      (
        "what comes in must be protected, and nothing protects what leaves",
        "add the policy for packets that leave"
      )
    case .shadowed:
      (
        "another policy takes the packets before the one that protects them",
        "delete it, or give it a higher number as its priority"
      )
    case .blockingPolicy:
      (
        "a policy blocks packets",
        "delete it, or give what is to pass a policy with a lower number as its priority"
      )
    case .blockingDefault:
      (
        "packets that no policy is for are blocked, those from behind the gateway, too",
        "add policies that allow them, or xfrmctl policy setdefault DIR accept, for what was seen"
      )
    case .noForwardingPolicy:
      (
        "packets come through an SA for a network behind, and no fwd policy lets them on",
        "add the policy for packets that are forwarded"
      )
    case .noIncomingPolicy:
      (
        "packets come through an SA for this host, and no in policy lets them in",
        "add the policy for packets that come in"
      )
    default:
      ("a packet meets more than five templates", "use at most five in all policies that it meets")
    }
  }

  private var associations: (title: String, fix: String) {
    switch self {
    case .requestID:
      (
        "an SA would do, but for its request ID",
        "give SA and template the same request ID"
      )
    case .mode: ("an SA would do, but for its mode", "give SA and template the same mode")
    case .templateAddress:
      (
        "an SA would do, but the template asks for another address",
        "give the template the addresses of the SA"
      )
    case .templateSPI:
      ("an SA would do, but the template asks for another SPI", "leave the SPI out of the template")
    case .mark:
      (
        "an SA would do, but for its mark: that of the policy counts, not the packet's",
        "give policy and SA the same mark"
      )
    case .interfaceIDMismatch:
      ("an SA would do, but for its interface ID", "give policy and SA the same interface ID")
    case .selector:
      (
        "an SA's own selector leaves out packets that the policy sends to it",
        "widen the selector of the SA, or narrow that of the policy"
      )
    case .direction:
      ("an SA is marked for the other direction", "add the SA anew with the right direction")
    case .awaited:
      (
        "an SA was asked for, and nobody has answered",
        "see what the IKE daemon says; without one, add the SA"
      )
    case .expired:
      (
        "an SA reached its hard limit, and there is no other",
        "rekey in time: before the soft limit"
      )
    default: ("a policy asks for an SA that there is not", "add the SA, or start the IKE daemon")
    }
  }

  private var bothEnds: (title: String, fix: String) {
    switch self {
    case .swappedSPIs:
      ("the two ends have each other's SPIs", "what is out at one end must be in at the other")
    case .unknownSPI:
      (
        "one end sends with an SPI that the other does not have",
        "add the SA at the receiver first, and only then at the sender"
      )
    case .algorithm: ("the two ends have different algorithms", "give both the same proposal")
    case .checkValue:
      ("the two ends have integrity check values of different lengths", "give both the same length")
    case .extendedNumbers:
      ("one end has extended sequence numbers, the other not", "set esn at both ends, or at none")
    case .key: ("the two ends have different keys", "give both ends the same key")
    case .encapsulation:
      (
        "one end sends ESP as the other does not expect it: in UDP, or not",
        "set the encapsulation at both ends, or at none"
      )
    case .exhausted:
      ("the sequence numbers of an SA are used up", "rekey; use extended sequence numbers")
    case .restarted:
      (
        "the sender began to count anew with an SA that the receiver knows",
        "never add an SA again with old keys: rekey both ends"
      )
    case .replayWindow:
      (
        "packets arrive later than the replay window is wide",
        "widen the window: it is as many packets as may overtake one"
      )
    case .changedAH:
      (
        "packets under AH are changed on the way, as a NAT does",
        "use ESP in UDP where there is a NAT"
      )
    case .integrity:
      (
        "packets come that do not check: key, algorithm or ESN differ, or bytes changed",
        "compare both ends: xfrmctl doctor --peer-netns, or xfrmctl state at each"
      )
    case .clearArrives:
      (
        "packets come in clear, or through another SA, where a policy asks for protection",
        "look at the peer: it has no policy for them, or does not heed it"
      )
    case .spiNotHere:
      (
        "packets come with an SPI that no SA here has",
        "the peer uses an SA that this host has not or no more: rekey both ends"
      )
    default:
      ("packets were dropped", "mend what the counter tells of; xfrmctl explain packet may help")
    }
  }
}
