/** One monitor and one store in memory: as little of Ceph as serves S3, without a manager. */
export interface CephPlace {
  readonly folder: string
  readonly fsid: string
  readonly monitorPort: number
}

export const cephConfig = ({ folder, fsid, monitorPort }: CephPlace): string => `[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${monitorPort}/0]
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd objectstore = memstore
memstore device bytes = 536870912
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
mon data = ${folder}/mon
osd data = ${folder}/osd
run dir = ${folder}
keyring = ${folder}/keyring
admin socket =
pid file =
log file =
log to stderr = true
err to stderr = true
debug rocksdb = 0
paxos propose interval = 0.01
paxos min wait = 0
rgw data = ${folder}/rgw
rgw dynamic resharding = false
rgw enable gc threads = false
rgw enable lc threads = false
rgw thread pool size = 16
`
