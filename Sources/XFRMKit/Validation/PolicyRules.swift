/// What the kernel demands of a policy and its templates, in its order, and what it does not look at.
enum PolicyRules {
  typealias Check = RuleCheck<Policy>

  static let all: [Check] = [
    .refused(
      "P1.share", "Invalid policy share", "share is 0 to 3", fix: "leave it 0"
    ) { $0.share > 3 },
    .refused(
      "P2.action", "Invalid policy action", "a policy allows or blocks", fix: "set one of these"
    ) { [.allow, .block].contains($0.action) ? nil : "this one has \($0.action)" },
    .refused(
      "P3.family", "Invalid selector family", "a policy is for IPv4 or IPv6",
      fix: "make two policies, one for each"
    ) { ![.ipv4, .ipv6].contains($0.selector.family) },
    .refused(
      "P3.prefix", "Invalid prefix length in selector",
      "prefixes have at most 32 bits for IPv4 and 128 for IPv6", fix: "shorten them"
    ) { $0.selector.excessivePrefix($0.selector.family) },
    .refused(
      "P4.direction", "Invalid policy direction", "a policy is for in, out or fwd",
      fix: "set one of these; policies of sockets are attached to them"
    ) { $0.direction.rawValue > 2 ? "this one is for \($0.direction)" : nil },
    .refused(
      "P5.index", "Policy index doesn't match direction",
      "the lowest three bits of an index are its direction", fix: "leave it 0"
    ) { $0.index != 0 && $0.index & 7 != UInt32($0.direction.rawValue) },
    .refused(
      "P7.type", "Invalid policy type", "a policy is main or sub", fix: "leave it main"
    ) { $0.kind.rawValue > 1 ? "this one is \($0.kind)" : nil },
    .refused(
      "T1.count", "Template count must be <=", "a policy has 6 templates at most",
      fix: "use fewer"
    ) { $0.templates.count > 6 ? "this one has \($0.templates.count)" : nil },
    .refused(
      "P9.offload", "Unrecognized flags in offload request",
      "a policy is offloaded by packets or not at all",
      fix: "set the flag packet and no other"
    ) { $0.offload.map { $0.flags.rawValue != 4 } ?? false },
    .kernelOnly(
      "P9.offload-device", "olicy offload is not supported",
      "the device offloads no policies", fix: "remove the offload"),
    .kernelOnly(
      "P9.offload-refused", "Device failed to offload this policy",
      "the device does not offload this policy", fix: "remove the offload"),

    .advice(
      .dangerous, "D.depth",
      "the kernel stores six templates but drops what meets them", fix: "use 5 at most"
    ) { $0.templates.count == 6 },
    .advice(
      .questionable, "D.clear",
      "a policy that allows without a template lets packets pass in clear",
      fix: "give it a template, unless this is meant"
    ) { $0.action == .allow && $0.templates.isEmpty },
    .advice(
      .questionable, "D.block-templates", "a policy that blocks takes no notice of templates",
      fix: "remove them, or allow"
    ) { $0.action == .block && !$0.templates.isEmpty },
    .advice(
      .questionable, "D.policy-host-bits",
      "bits behind a prefix's length make two policies of what matches the same",
      fix: "clear them"
    ) { $0.selector.hasHostBits },
    .advice(
      .questionable, "D.policy-ports", "ports are for protocols that have them",
      fix: "set the selector's protocol, or remove the ports"
    ) { $0.selector.hasPortsWithoutProtocol },
    .advice(
      .questionable, "D.policy-limits",
      "the kernel counts neither bytes nor packets of policies, so such limits do nothing",
      fix: "set limits in seconds"
    ) { policy in
      [policy.lifetime.soft, policy.lifetime.hard].contains {
        $0.bytes != Lifetime.unlimited || $0.packets != Lifetime.unlimited
      }
    },
    .advice(
      .questionable, "D.policy-soft-limit",
      "a soft limit that comes after the hard one is never reached", fix: "lower it"
    ) { $0.lifetime.hasLateSoftLimit },
  ]
}

/// A template with what it is judged by.
struct TemplateContext {
  var template: Template
  var policy: Policy
  /// Of the packets that reach it: the policy's, or the template's before it.
  var familyBefore: AddressFamily
}

enum TemplateRules {
  static let all: [RuleCheck<TemplateContext>] = [
    .refused(
      "T3.optional", "Mode in optional template not allowed in outbound policy",
      "what leaves a tunnel cannot be optional", fix: "require it"
    ) {
      $0.template.isOptional && $0.template.mode.hasOuterAddresses
        && $0.policy.direction == .outgoing
    },
    .refused(
      "T3.family-change", "Mode in template doesn't support a family change",
      "in transport mode a template is of the family of what it protects",
      fix: "use tunnel mode, or addresses of that family"
    ) {
      !$0.template.mode.hasOuterAddresses && $0.template.mode.rawValue < 6
        && $0.template.effectiveFamily($0.policy) != $0.familyBefore
    },
    .refused(
      "T4.mode", "Mode in template must be <", "this mode is not for templates",
      fix: "use transport or tunnel mode"
    ) { $0.template.mode.rawValue >= 6 ? "this one is \($0.template.mode)" : nil },
    .refused(
      "T5.family", "Invalid family in template", "a template is for IPv4 or IPv6",
      fix: "make it of two addresses of one family"
    ) { ![.ipv4, .ipv6].contains($0.template.effectiveFamily($0.policy)) },
    .refused(
      "T6.protocol", "Invalid XFRM protocol in template", "a template is for ESP, AH or IPComp",
      fix: "set one of these protocols"
    ) { $0.template.proto.isForAssociations ? nil : "this one is for \($0.template.proto)" },

    .advice(
      .dangerous, "D.masks", "a template that allows no algorithm fails every incoming packet",
      fix: "leave the masks all ones"
    ) {
      $0.template.algorithms.authentication == 0 && $0.policy.direction != .outgoing
    },
    .advice(
      .dangerous, "D.tunnel-end", "a tunnel leads to an address", fix: "set the destination"
    ) { $0.template.mode.hasOuterAddresses && $0.template.destination.isUnspecified },
    .advice(
      .dangerous, "D.optional",
      "an optional template lets packets through that nobody has protected", fix: "require it"
    ) { $0.template.isOptional && $0.template.proto != .ipComp },
    .advice(
      .questionable, "D.template-mode", "this mode is for Mobile IPv6 only",
      fix: "use transport or tunnel mode"
    ) {
      [.routeOptimization, .inTrigger].contains($0.template.mode)
        && !$0.template.proto.isMobility
    },
    .advice(
      .questionable, "D.request-id",
      "a template with request ID 0 finds SAs with 0 only, and takes any that come in",
      fix: "give SAs and templates of one tunnel a number of their own"
    ) { $0.template.requestID == 0 },
  ]
}

extension Template {
  fileprivate func effectiveFamily(_ policy: Policy) -> AddressFamily {
    family == .unspecified ? policy.selector.family : family
  }
}

extension Policy {
  /// Its templates, each with the family of what reaches it.
  var templateContexts: [TemplateContext] {
    var before = selector.family
    return templates.map { template in
      defer { before = template.effectiveFamily(self) }
      return TemplateContext(template: template, policy: self, familyBefore: before)
    }
  }
}
