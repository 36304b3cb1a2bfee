import type { Catalog } from '../src/surface/index.ts';
import { toolCall } from './catalog/tool-call.ts';
import { toolSearch } from './catalog/tool-search.ts';
import { catalogToolset } from './catalog/toolset.ts';
import { agentFollow } from './agent/agent-follow.ts';
import { agentHeal } from './agent/agent-heal.ts';
import { agentNext } from './agent/agent-next.ts';
import { agentStatus } from './agent/agent-status.ts';
import { agentSubmitPatch } from './agent/agent-submit-patch.ts';
import { agentTask } from './agent/agent-task.ts';
import { agentTasks } from './agent/agent-tasks.ts';
import { agentTranscript } from './agent/agent-transcript.ts';
import { agentToolset } from './agent/toolset.ts';
import { graphContext } from './graph/graph-context.ts';
import { graphDiff } from './changes/graph-diff.ts';
import { graphExport } from './changes/graph-export.ts';
import { graphRename } from './changes/graph-rename.ts';
import { changesToolset } from './changes/toolset.ts';
import { graphIndex } from './graph/graph-index.ts';
import { graphReport } from './graph/graph-report.ts';
import { graphSearch } from './graph/graph-search.ts';
import { graphSymbol } from './graph/graph-symbol.ts';
import { graphTrace } from './graph/graph-trace.ts';
import { graphToolset } from './graph/toolset.ts';
import { gitCommit } from './git/git-commit.ts';
import { gitCreateBranch } from './git/git-create-branch.ts';
import { gitDiff } from './git/git-diff.ts';
import { gitOpenPr } from './git/git-open-pr.ts';
import { gitPrStatus } from './git/git-pr-status.ts';
import { gitStatus } from './git/git-status.ts';
import { gitToolset } from './git/toolset.ts';
import { findingCollect } from './findings/finding-collect.ts';
import { findingList } from './findings/finding-list.ts';
import { findingRecommend } from './findings/finding-recommend.ts';
import { findingUpdate } from './findings/finding-update.ts';
import { findingsToolset } from './findings/toolset.ts';
import { noteCreate } from './notes/note-create.ts';
import { noteDelete } from './notes/note-delete.ts';
import { noteQuery } from './notes/note-query.ts';
import { notesToolset } from './notes/toolset.ts';
import { runAnswer } from './runs/run-answer.ts';
import { runDrill } from './operations/run-drill.ts';
import { runLog } from './operations/run-log.ts';
import { runPrune } from './operations/run-prune.ts';
import { runWorkers } from './operations/run-workers.ts';
import { secretRequest } from './operations/secret-request.ts';
import { serviceControl } from './operations/service-control.ts';
import { serviceLogs } from './operations/service-logs.ts';
import { systemStart } from './operations/system-start.ts';
import { systemStop } from './operations/system-stop.ts';
import { operationsToolset } from './operations/toolset.ts';
import { runControl } from './runs/run-control.ts';
import { runGet } from './runs/run-get.ts';
import { runList } from './runs/run-list.ts';
import { runsToolset } from './runs/toolset.ts';
import { serviceList } from './system/service-list.ts';
import { systemStatus } from './system/system-status.ts';
import { systemToolset } from './system/toolset.ts';

/** Every tool, in the order in which agents see them. */
export const toolsets: Catalog['toolsets'] = [
  { toolset: systemToolset, tools: [systemStatus, serviceList] },
  { toolset: graphToolset, tools: [graphIndex, graphSearch, graphSymbol, graphTrace, graphReport, graphContext] },
  { toolset: changesToolset, tools: [graphDiff, graphExport, graphRename] },
  { toolset: gitToolset, tools: [gitStatus, gitDiff, gitCreateBranch, gitCommit, gitOpenPr, gitPrStatus] },
  { toolset: notesToolset, tools: [noteCreate, noteQuery, noteDelete] },
  { toolset: findingsToolset, tools: [findingCollect, findingList, findingUpdate, findingRecommend] },
  {
    toolset: agentToolset,
    tools: [agentHeal, agentTasks, agentTask, agentTranscript, agentStatus, agentFollow, agentNext, agentSubmitPatch],
  },
  { toolset: runsToolset, tools: [runGet, runList, runControl, runAnswer] },
  { toolset: catalogToolset, tools: [toolSearch, toolCall] },
  {
    toolset: operationsToolset,
    tools: [
      serviceLogs,
      serviceControl,
      systemStart,
      systemStop,
      runLog,
      runPrune,
      runDrill,
      runWorkers,
      secretRequest,
    ],
  },
];
