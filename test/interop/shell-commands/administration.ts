/** What an operator asks of any daemon. */
import { type CommandGroup, group } from "./command.js";

export const ADMINISTRATION: readonly CommandGroup[] = [
  group(
    "refreshing",
    `dfsadmin -refreshCallQueue
     dfsadmin -refreshServiceAcl
     dfsadmin -refreshUserToGroupsMappings
     dfsadmin -refreshSuperUserGroupsConfiguration
     alice$ dfsadmin -refreshCallQueue
     alice$ dfsadmin -refreshServiceAcl
     alice$ dfsadmin -refreshUserToGroupsMappings
     alice$ dfsadmin -refreshSuperUserGroupsConfiguration`,
  ),
  group(
    "refreshing what a service registers",
    `dfsadmin -refresh 127.0.0.1:PORT echo
     dfsadmin -refresh 127.0.0.1:PORT echo one 'and two'
     dfsadmin -refresh 127.0.0.1:PORT refuse
     dfsadmin -refresh 127.0.0.1:PORT throw
     dfsadmin -refresh 127.0.0.1:PORT nothing
     dfsadmin -refresh 127.0.0.1:PORT nothing one
     alice$ dfsadmin -refresh 127.0.0.1:PORT echo`,
  ),
  group(
    "groups of users",
    `groups
     alice$ groups
     bob$ groups
     groups alice bob carol dave admin
     groups nosuchuser
     groups root daemon`,
  ),
  group("what only a NameNode serves", "haadmin -ns ns -getServiceState nn1"),
];
