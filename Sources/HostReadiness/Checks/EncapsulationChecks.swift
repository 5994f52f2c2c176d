internal import XFRMKit

extension CheckDefinition {
  static let encapsulation: [CheckDefinition] = [
    espInUDP(.ipv4), espInUDP(.ipv6), encapsulationSocket(.ipv4), encapsulationSocket(.ipv6),
    receiveOffload, espInTCP,
  ]

  private static func espInUDP(_ family: AddressFamily) -> CheckDefinition {
    association(
      family == .ipv6 ? "xfrm.natt.v6" : "xfrm.natt.v4", .encapsulation,
      "ESP in UDP over \(family)",
      family == .ipv6
        ? Importance(
          minimal: .optional, gateway: .optional, strongswan: .recommended, algo: .recommended,
          libreswan: .recommended)
        : Importance(
          minimal: .recommended, gateway: .recommended, strongswan: .required, algo: .required,
          libreswan: .required),
      .esp(family, since: family == .ipv6 ? .linux("5.8") : nil) {
        $0.encapsulation = Encapsulation(.espInUDP)
      }, "an ESP SA over \(family) wrapped in UDP",
      why: "peers behind a NAT cannot be reached with ESP alone",
      related: [family == .ipv6 ? "udp.encap.v6" : "udp.encap.v4"])
  }

  private static func encapsulationSocket(_ family: AddressFamily) -> CheckDefinition {
    let id: CheckID = family == .ipv6 ? "udp.encap.v6" : "udp.encap.v4"
    return feature(
      id, .encapsulation, "Sockets for ESP, \(family)",
      Importance(
        minimal: .optional, gateway: .recommended, strongswan: .required, algo: .required,
        libreswan: .required),
      about: "sets UDP_ENCAP on a UDP socket in a private network namespace",
      why:
        "the kernel takes ESP out of UDP for sockets that have this set; that it can be set does "
        + "not prove that there is ESP", advice: "boot a kernel with CONFIG_XFRM",
      related: [family == .ipv6 ? "xfrm.natt.v6" : "xfrm.natt.v4"], dependsOn: [],
      probe: .encapsulation(family)
    ) { findings in
      findings.judgeSocket(id, family) {
        .denied("kernel takes no ESP from sockets", $0, because: "the kernel has no UDP_ENCAP")
      }
    }
  }

  private static let receiveOffload = feature(
    "udp.gro", .encapsulation, "Joining UDP packets (GRO)",
    Importance(gateway: .optional, strongswan: .recommended, algo: .optional, libreswan: .optional),
    about: "sets UDP_GRO on a UDP socket in a private network namespace",
    why:
      "strongSwan 6.0.2 and later sets it on its sockets, for which the kernel must be Linux 5.0 "
      + "or later; from 6.7 on ESP in UDP gains by it",
    advice: "boot Linux 5.0 or a later kernel", dependsOn: [],
    probe: .receiveOffload
  ) { findings in
    findings.judge("udp.gro") {
      .denied(
        "kernel joins none", $0, because: "UDP_GRO came with Linux 5.0",
        [Remedy("boot Linux 5.0 or a later kernel, if it is needed")])
    }
  }

  private static let espInTCP = association(
    "xfrm.espintcp", .encapsulation, "ESP in TCP over IPv4",
    Importance(gateway: .optional, libreswan: .optional),
    .esp(.ipv4, since: .linux("5.6", option: "INET_ESPINTCP")) {
      $0.encapsulation = Encapsulation(.espInTCP)
    }, "an ESP SA over IPv4 wrapped in TCP",
    why:
      "peers behind firewalls that let no UDP pass can be reached in no other way; only libreswan "
      + "uses it")
}
