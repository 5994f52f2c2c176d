internal import CNetlink

/// `XFRM_MSG_…`
extension MessageType {
  private init(_ number: Int) { self.init(rawValue: UInt16(truncatingIfNeeded: number)) }

  static var newAssociation: Self { Self(XFRM_MSG_NEWSA) }
  static var updateAssociation: Self { Self(XFRM_MSG_UPDSA) }
  static var deleteAssociation: Self { Self(XFRM_MSG_DELSA) }
  static var getAssociation: Self { Self(XFRM_MSG_GETSA) }
  static var flushAssociations: Self { Self(XFRM_MSG_FLUSHSA) }
  static var newPolicy: Self { Self(XFRM_MSG_NEWPOLICY) }
  static var updatePolicy: Self { Self(XFRM_MSG_UPDPOLICY) }
  static var deletePolicy: Self { Self(XFRM_MSG_DELPOLICY) }
  static var getPolicy: Self { Self(XFRM_MSG_GETPOLICY) }
  static var flushPolicies: Self { Self(XFRM_MSG_FLUSHPOLICY) }
  static var allocateSPI: Self { Self(XFRM_MSG_ALLOCSPI) }
  static var acquire: Self { Self(XFRM_MSG_ACQUIRE) }
  static var expireAssociation: Self { Self(XFRM_MSG_EXPIRE) }
  static var expirePolicy: Self { Self(XFRM_MSG_POLEXPIRE) }
  static var newCheckpoint: Self { Self(XFRM_MSG_NEWAE) }
  static var getCheckpoint: Self { Self(XFRM_MSG_GETAE) }
  static var report: Self { Self(XFRM_MSG_REPORT) }
  static var migrate: Self { Self(XFRM_MSG_MIGRATE) }
  static var newSADInfo: Self { Self(XFRM_MSG_NEWSADINFO) }
  static var getSADInfo: Self { Self(XFRM_MSG_GETSADINFO) }
  static var newSPDInfo: Self { Self(XFRM_MSG_NEWSPDINFO) }
  static var getSPDInfo: Self { Self(XFRM_MSG_GETSPDINFO) }
  static var mapping: Self { Self(XFRM_MSG_MAPPING) }
  static var setDefaultActions: Self { Self(XFRM_MSG_SETDEFAULT) }
  static var getDefaultActions: Self { Self(XFRM_MSG_GETDEFAULT) }
  /// Since Linux 7.2.
  static var migrateState: Self { Self(CNL_XFRM_MSG_MIGRATE_STATE) }
}
