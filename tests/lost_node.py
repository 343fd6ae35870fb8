"""Index sources into Milvus on a Ray of two nodes, and kill one of them while it writes.

    python tests/lost_node.py milvus://host:port/collection SOURCES

Prints what became of it as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

import ray
from ray.cluster_utils import Cluster

from index import MilvusWriter, site
from index.milvus import job
from index.milvus.runner import OnRay


def main(address: str, sources: str) -> None:
    job.BATCH = 1
    cluster = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}
    )
    second = cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False)
    alive: list[int] = []

    def progress(step: str, done: int, total: int) -> None:
        nodes = sum(bool(node["Alive"]) for node in ray.nodes())
        if step == "写入" and not alive and 0 < done < total:
            alive.append(nodes)
            cluster.remove_node(second, allow_graceful=False)
        elif step == "发布" and done == total:
            alive.append(nodes)

    where: Any = site(address)
    report = MilvusWriter(where, OnRay(ray)).build([Path(sources)], progress=progress)
    print(json.dumps({"nodes": alive, "passages": report.passages, "written": report.analysed}))
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
