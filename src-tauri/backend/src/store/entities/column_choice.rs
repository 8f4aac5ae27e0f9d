//! What a column of a file is mapped to (workspace).

use sea_orm::entity::prelude::*;

/// A row of `column_choice`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "column_choice")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The file
    pub file_id: i64,
    /// Header of the column, unique in the file
    pub header: String,
    /// Name of the target; `None` keeps the column as extra
    pub target: Option<String>,
    /// `muster`, `person` or `template`
    pub chosen_by: String,
    /// `day_month` or `month_day`
    pub date_order: Option<String>,
}

/// What a row refers to.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The row of `import_file`
    #[sea_orm(
        belongs_to = "super::import_file::Entity",
        from = "Column::FileId",
        to = "super::import_file::Column::Id"
    )]
    File,
}

impl Related<super::import_file::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::File.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
