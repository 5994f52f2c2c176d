import TestSupport
import XFRMKit

@testable import XFRMConfig

extension RandomKernel {
  var snapshot: KernelSnapshot {
    KernelSnapshot(associations: associations, policies: policies)
  }
}

extension KernelSnapshot {
  /// As if what a configuration wants had been put there by this manager; without all else.
  func adopted(by state: DesiredState) -> (KernelSnapshot, Holdings) {
    var (kernel, holdings) = (KernelSnapshot(defaultActions: defaultActions), Holdings())
    var slot: UInt32 = 1
    for entry in state.policies {
      guard var policy = policies.first(where: { $0.key == entry.policy.key }),
        let tag = XFRMConfig.Tag(slot: slot)
      else { continue }
      slot += 1
      policy.index = tag.index(policy.direction)
      kernel.policies.append(policy)
      holdings.policies[tag] = HeldPolicy(entry.name, entry.role, policy.key)
    }
    for entry in state.associations {
      let id = entry.association.id
      guard var association = associations.first(where: { $0.id.isSame(as: id) }),
        let tag = XFRMConfig.Tag(slot: slot)
      else { continue }
      slot += 1
      association.sequence = tag.sequence
      kernel.associations.append(association)
      holdings.associations[tag] = HeldAssociation(
        entry.name, entry.direction, association.id, keyFingerprint: "")
    }
    return (kernel, holdings)
  }
}
