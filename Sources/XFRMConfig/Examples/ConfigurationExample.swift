/// Configurations to begin with.
public struct ConfigurationExample: Sendable {
  /// What it is asked for by.
  public let name: String
  /// What it shows.
  public let summary: String
  /// A whole file, with comments.
  public let text: String

  /// One for each kind of connection, and one of entries.
  public static let all = [hostToHost, siteToSite, gateway, interface, fleet, entries, lab]
}

extension ConfigurationExample {
  static let hostToHost = ConfigurationExample(
    name: "host-to-host", summary: "two hosts, all that they send each other",
    text: """
      # Two hosts: all that they send each other is protected, in transport mode.
      connections:
        - name: berlin-paris
          kind: host-to-host
          local: {address: 192.0.2.1}
          remote: {address: 198.51.100.2}
          # The algorithms, by their IKE name; both ends have the same.
          proposal: aes256gcm16
          # Made by “xfrmctl keys new berlin-paris”, one bundle for each end.
          keys: generated

      """)

  static let siteToSite = ConfigurationExample(
    name: "site-to-site", summary: "subnets behind two gateways, IPv4 and IPv6",
    text: """
      # Subnets behind two gateways: what goes between them is protected, in a tunnel.
      connections:
        - name: berlin-paris
          kind: site-to-site
          local:
            address: 192.0.2.1
            subnets: [10.1.0.0/16, 2001:db8:1::/48]
          remote:
            address: 198.51.100.2
            subnets: [10.2.0.0/16, 10.3.0.0/16, 2001:db8:2::/48]
          # One end is behind a NAT.
          encapsulation-type: {espencap: espinudp}
          sa-lifetime-soft: {time: 7h, bytes: 48GiB}
          sa-lifetime-hard: {time: 8h, bytes: 64GiB}

      """)

  static let gateway = ConfigurationExample(
    name: "gateway", summary: "everything of some subnets through one gateway",
    text: """
      # All that the subnets send to anywhere else goes through the gateway of the
      # other end. What they send each other stays in clear.
      connections:
        - name: branch
          kind: gateway
          local:
            address: 192.0.2.1
            subnets: 10.7.0.0/16
          # It has no subnets: it leads everywhere.
          remote: {address: 198.51.100.2}

      # The printer is reached in clear, whatever comes below.
      spd:
        - name: printer-out
          direction: outbound
          traffic-selector: {local-prefix: 10.7.0.0/16, remote-prefix: 203.0.113.9}
          processing-info: {action: bypass}
        - name: printer-in
          direction: inbound
          traffic-selector: {local-prefix: 10.7.0.0/16, remote-prefix: 203.0.113.9}
          processing-info: {action: bypass}

      """)

  static let interface = ConfigurationExample(
    name: "interface", summary: "an xfrm interface, and routes through it",
    text: """
      # Packets are protected that are routed through an interface of their own.
      connections:
        - name: berlin-paris
          kind: site-to-site
          local: {address: 192.0.2.1, subnets: 10.1.0.0/16}
          remote: {address: 198.51.100.2, subnets: 10.2.0.0/16}
          interface:
            name: ipsec0
            if-id: 42
            mtu: 1400
            addresses: 10.255.0.1/30
            # The address of this host's own packets.
            source: 10.255.0.1

      """)
}
